#!lua name=works_1
-- The functions of the store. They know commands, not meanings: which keys there are and what belongs into them is
-- decided by the caller, so that the layout stands in one place. The number in the names is the schema's version.


-- works_1_commit: applies a change whole or not at all.
--
-- KEYS   every key that is checked or written
-- ARGV   steps, one after the other, each a word, the number of a key in KEYS, and its arguments. Checks:
--          absent  k                  the key does not exist
--          version k VERSION          the hash has this `version`
--          live    k                  the hash exists and has no `deleted_at`
--          empty   k                  the sorted set has no members
--        and writes, after all checks:
--          hset k N FIELD VALUE …     N fields of a hash (N counts fields and values)
--          hdel k N FIELD …           N fields out of a hash
--          zadd k SCORE MEMBER        a member of a sorted set
--          zrem k MEMBER              a member out of a sorted set
--          del  k                     the whole key
--          expire k SECONDS           the life of the key
-- Reply  `done`, or the word and the key number of the first check that failed, e.g. `version 1`.
--
-- Redis does not roll back: so every check, and the type of every key that is written, comes before the first write.

local checks = {}

function checks.absent(key)
    return redis.call('EXISTS', key) == 0
end

function checks.version(key, version)
    return redis.call('HGET', key, 'version') == version
end

function checks.live(key)
    local found = redis.call('HMGET', key, 'version', 'deleted_at')
    return found[1] and not found[2]
end

function checks.empty(key)
    return redis.call('ZCARD', key) == 0
end

-- For each step: how many arguments follow the key number (nil: the first of them is their number), the type that
-- the key must have, and the command.
local steps = {
    absent = { arguments = 0 },
    version = { arguments = 1 },
    live = { arguments = 0 },
    empty = { arguments = 0 },
    hset = { type = 'hash', command = 'HSET' },
    hdel = { type = 'hash', command = 'HDEL' },
    zadd = { type = 'zset', command = 'ZADD', arguments = 2 },
    zrem = { type = 'zset', command = 'ZREM', arguments = 1 },
    del = { command = 'DEL', arguments = 0 },
    expire = { command = 'EXPIRE', arguments = 1 },
}

local function has_type(key, wanted)
    local actual = redis.call('TYPE', key).ok
    return actual == wanted or actual == 'none'
end

local function commit(KEYS, ARGV)
    local writes = {}
    local at = 1
    while at <= #ARGV do
        local word, key = ARGV[at], KEYS[tonumber(ARGV[at + 1])]
        local step = steps[word]
        if not step or not key then
            return redis.error_reply('ERR malformed step ' .. tostring(word))
        end
        local first = at + 2
        local count = step.arguments
        if not count then
            count, first = tonumber(ARGV[first]), first + 1
        end
        local last = first + count - 1
        if last > #ARGV then
            return redis.error_reply('ERR step cut short: ' .. word)
        end
        if step.command then
            if step.type and not has_type(key, step.type) then
                return redis.error_reply('WRONGTYPE ' .. key .. ' is not a ' .. step.type)
            end
            writes[#writes + 1] = { step.command, key, first, last }
        elseif not checks[word](key, ARGV[first]) then
            return word .. ' ' .. ARGV[at + 1]
        end
        at = last + 1
    end
    for _, write in ipairs(writes) do
        redis.call(write[1], write[2], unpack(ARGV, write[3], write[4]))
    end
    return 'done'
end

redis.register_function('works_1_commit', commit)

-- The same for changes that only free memory: Redis runs it when it is full, too.
redis.register_function { function_name = 'works_1_free', callback = commit, flags = { 'allow-oom' } }


-- works_1_page: the items at a place in the union of sorted sets that have no member in common.
--
-- KEYS   the sorted sets; scores are whole seconds, ties are ordered by member, all in the order's direction
-- ARGV   1 `asc` or `desc`
--        2 the place: `rank`, or `after`
--        3 for `rank` how many items to pass over; for `after` the score, and
--        4 the member, of the last item passed (`` for `rank`)
--        5 how many more items to pass over (0 for `rank`)
--        6 how many items to return
--        7 how many items to look at, passed over and returned, in this call
--        8 how many bytes of items to return; one item is returned in any case
--        9 what an item's key starts with; its id follows
--        10… the fields of an item's hash
-- Reply  1 how many members the sets have together
--        2 how many items were passed over of those to pass over
--        3 and 4 score and member of the last item passed over or returned (`` and `` if none was)
--        5 1 if there are more behind it, else 0
--        6… for each item an array of its fields' values, then its id

-- Whether the bytes of `a` come before those of `b`. Lua's `<` follows the server's locale, sorted sets do not.
local function comes_before(a, b)
    if a == b then
        return false
    end
    for i = 1, math.min(#a, #b) do
        local x, y = string.byte(a, i), string.byte(b, i)
        if x ~= y then
            return x < y
        end
    end
    return #a < #b
end

-- Whether the item (score, member) comes before the other in the direction.
local function precedes(descending, score, member, other_score, other_member)
    if score ~= other_score then
        if descending then
            return score > other_score
        end
        return score < other_score
    end
    if descending then
        return comes_before(other_member, member)
    end
    return comes_before(member, other_member)
end

local function range(key, first, last, descending)
    if descending then
        return redis.call('ZRANGE', key, first, last, 'REV', 'WITHSCORES')
    end
    return redis.call('ZRANGE', key, first, last, 'WITHSCORES')
end

-- The rank of the first item of `key` behind the place (score, member), which need not be there any more:
-- a binary search among the members of the same score.
local function rank_after(key, descending, score, member)
    local here = redis.call('ZSCORE', key, member)
    if here and tonumber(here) == score then
        return redis.call(descending and 'ZREVRANK' or 'ZRANK', key, member) + 1
    end
    local low
    if descending then
        low = redis.call('ZCOUNT', key, '(' .. score, '+inf')
    else
        low = redis.call('ZCOUNT', key, '-inf', '(' .. score)
    end
    local high = low + redis.call('ZCOUNT', key, score, score)
    while low < high do
        local middle = math.floor((low + high) / 2)
        local found = range(key, middle, middle, descending)
        if precedes(descending, score, member, score, found[1]) then
            high = middle
        else
            low = middle + 1
        end
    end
    return low
end

-- Reads one sorted set from a rank on, in pieces. `member` and `score` are the current item's, nil at the end.
local function open(key, rank, piece, descending)
    local reader = { key = key, rank = rank, items = {}, at = 1 }
    function reader.load()
        if reader.at > #reader.items then
            reader.items = range(key, reader.rank, reader.rank + piece - 1, descending)
            reader.at = 1
            reader.rank = reader.rank + piece
        end
        reader.member = reader.items[reader.at]
        reader.score = tonumber(reader.items[reader.at + 1])
    end
    function reader.advance()
        reader.at = reader.at + 2
        reader.load()
    end
    reader.load()
    return reader
end

-- The reader whose current item is the first in the direction; nil if all are at their end.
local function first_of(readers, descending)
    local first
    for _, reader in ipairs(readers) do
        if reader.member
            and (not first or precedes(descending, reader.score, reader.member, first.score, first.member)) then
            first = reader
        end
    end
    return first
end

local function page(KEYS, ARGV)
    local descending = ARGV[1] == 'desc'
    local place, count, budget, bytes = ARGV[2], tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
    local skip = tonumber(ARGV[5])
    local start = 0
    if place == 'rank' then
        if #KEYS == 1 then
            start = tonumber(ARGV[3])
        else
            skip = tonumber(ARGV[3])
        end
    end

    local total = 0
    for _, key in ipairs(KEYS) do
        total = total + redis.call('ZCARD', key)
    end
    local reply = { total, 0, '', '', 0 }
    if count == 0 then
        return reply
    end

    local readers = {}
    local piece = math.max(8, math.ceil(math.min(budget, skip + count) / #KEYS) + 1)
    for i, key in ipairs(KEYS) do
        local rank = start
        if place == 'after' then
            rank = rank_after(key, descending, tonumber(ARGV[3]), ARGV[4])
        end
        readers[i] = open(key, rank, piece, descending)
    end

    local skipped, taken = 0, 0
    local reader = first_of(readers, descending)
    while reader and budget > 0 and taken < count and bytes > 0 do
        reply[3], reply[4] = string.format('%.0f', reader.score), reader.member
        if skipped < skip then
            skipped = skipped + 1
        else
            local item = redis.call('HMGET', ARGV[9] .. reader.member, unpack(ARGV, 10))
            for _, value in ipairs(item) do
                bytes = bytes - (value and #value or 0)
            end
            item[#item + 1] = reader.member
            taken = taken + 1
            reply[5 + taken] = item
        end
        budget = budget - 1
        reader.advance()
        reader = first_of(readers, descending)
    end
    reply[2] = skipped
    reply[5] = reader and 1 or 0
    return reply
end

redis.register_function { function_name = 'works_1_page', callback = page, flags = { 'no-writes' } }
