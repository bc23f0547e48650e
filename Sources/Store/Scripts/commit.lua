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
--          sadd k LAST N MEMBER …     N members of each of the sets from the k-th to the LAST-th key
--          srem k LAST N MEMBER …     N members out of each of them
--          del  k                     the whole key
--          delif k FIELD VALUE        the whole hash, if this field has this value
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
    delif = { command = 'DEL', arguments = 2, condition = true },
    expire = { command = 'EXPIRE', arguments = 1 },
}

-- The steps that write to a run of keys: a work is in a hundred sets of search, and one step each would cost more to
-- read than to do.
local spans = { sadd = 'SADD', srem = 'SREM' }

-- No key of the store has this name.
local NOWHERE = '{0}:nowhere'

-- How many keys a call is given at once: Lua's stack has room for some thousands.
local SPAN_MAX = 4000

-- Whether none of a run of keys is anything but a set: SINTERCARD looks at the type of each before it finds that one of
-- them does not exist.
local function are_sets(first, last, KEYS)
    for start = first, last, SPAN_MAX do
        local stop = math.min(last, start + SPAN_MAX - 1)
        local reply = redis.pcall('SINTERCARD', stop - start + 2, NOWHERE, unpack(KEYS, start, stop))
        if type(reply) == 'table' and reply.err then
            return false
        end
    end
    return true
end

local function has_type(key, wanted)
    local actual = redis.call('TYPE', key).ok
    return actual == wanted or actual == 'none'
end

local function commit(KEYS, ARGV)
    local writes = {}
    local at = 1
    while at <= #ARGV do
        local word, number = ARGV[at], tonumber(ARGV[at + 1])
        local step, span, key = steps[word], spans[word], KEYS[number]
        if not (step or span) or not key then
            return redis.error_reply('ERR malformed step ' .. tostring(word))
        end
        local first, stop = at + 2, number
        local count = step and step.arguments
        if span then
            stop, first = tonumber(ARGV[first]), first + 1
            if not KEYS[stop] then
                return redis.error_reply('ERR step beyond the keys: ' .. word)
            end
        end
        if not count then
            count, first = tonumber(ARGV[first]), first + 1
        end
        local last = first + count - 1
        if last > #ARGV then
            return redis.error_reply('ERR step cut short: ' .. word)
        end
        if span then
            if not are_sets(number, stop, KEYS) then
                return redis.error_reply('WRONGTYPE one of ' .. key .. ' and those after it is not a set')
            end
            writes[#writes + 1] = { span, number, stop, first, last }
        elseif step.command then
            if step.type and not has_type(key, step.type) then
                return redis.error_reply('WRONGTYPE ' .. key .. ' is not a ' .. step.type)
            end
            if not step.condition then
                writes[#writes + 1] = { step.command, number, number, first, last }
            elseif redis.call('HGET', key, ARGV[first]) == ARGV[first + 1] then
                writes[#writes + 1] = { step.command, number, number, 1, 0 }
            end
        elseif not checks[word](key, ARGV[first], ARGV[first + 1]) then
            return word .. ' ' .. ARGV[at + 1]
        end
        at = last + 1
    end
    local call = redis.call
    for _, write in ipairs(writes) do
        local command, first, last = write[1], write[4], write[5]
        if first == last then
            local word = ARGV[first]
            for number = write[2], write[3] do
                call(command, KEYS[number], word)
            end
        else
            for number = write[2], write[3] do
                call(command, KEYS[number], unpack(ARGV, first, last))
            end
        end
    end
    return 'done'
end

redis.register_function('works_1_commit', commit)

-- The same for changes that only free memory: Redis runs it when it is full, too.
redis.register_function { function_name = 'works_1_free', callback = commit, flags = { 'allow-oom' } }
