#!lua name=works_1
-- The functions of the store. They know commands, not meanings: which keys there are and what belongs into them is
-- decided by the caller, so that the layout stands in one place. The number in the names is the schema's version.


-- works_1_commit: applies a change whole or not at all.
--
-- KEYS   every key that is checked or written
-- ARGV   steps, one after the other, each a word, the number of a key in KEYS, and its arguments. Checks:
--          absent k                   the key does not exist
--          present k                  the key exists
--          field  k FIELD VALUE       the field of the hash has this value; `` for one that is not there
--          live   k                   the hash exists and has no `deleted_at`
--          empty  k                   the sorted set has no members
--        and writes, after all checks:
--          hset  k N FIELD VALUE …    N fields of a hash (N counts fields and values)
--          hdel  k N FIELD …          N fields out of a hash
--          zadd  k N SCORE MEMBER …   members of a sorted set (N counts scores and members)
--          zrem  k MEMBER             a member out of a sorted set
--          sadd  k LAST N MEMBER …    N members of each of the sets from the k-th to the LAST-th key
--          srem  k LAST N MEMBER …    N members out of each of them
--          del   k                    the whole key
--          delif k FIELD VALUE        the whole hash, if this field has this value
--          expire k SECONDS           the life of the key
-- Reply  `done`, or the word and the key number of the first check that failed, e.g. `field 1`.
--
-- Redis does not roll back: so every check, and the type of every key that is written, comes before the first write.

local checks = {}

function checks.absent(key)
    return redis.call('EXISTS', key) == 0
end

function checks.present(key)
    return redis.call('EXISTS', key) == 1
end

function checks.field(key, field, value)
    return (redis.call('HGET', key, field) or '') == value
end

function checks.live(key)
    local found = redis.call('HMGET', key, 'version', 'deleted_at')
    return found[1] and not found[2]
end

function checks.empty(key)
    return redis.call('ZCARD', key) == 0
end

-- For each step: how many arguments follow the key number, nil if the first of them is their number; whether it goes
-- over a run of keys, the number of the last of which comes first; the type its key must have; and the command.
local steps = {
    absent = { arguments = 0 },
    present = { arguments = 0 },
    field = { arguments = 2 },
    live = { arguments = 0 },
    empty = { arguments = 0 },
    hset = { type = 'hash', command = 'HSET' },
    hdel = { type = 'hash', command = 'HDEL' },
    zadd = { type = 'zset', command = 'ZADD' },
    zrem = { type = 'zset', command = 'ZREM', arguments = 1 },
    sadd = { type = 'set', command = 'SADD', is_run = true },
    srem = { type = 'set', command = 'SREM', is_run = true },
    del = { command = 'DEL', arguments = 0 },
    delif = { command = 'DEL', arguments = 2 },
    expire = { command = 'EXPIRE', arguments = 1 },
}

-- Reads the steps in ARGV: of each its word, its entry in `steps`, the numbers of its first and last key, and where its
-- arguments begin and end. Throws an error reply for what is none.
local function read_steps(KEYS, ARGV)
    local read = {}
    local at = 1
    while at <= #ARGV do
        local word, key = ARGV[at], tonumber(ARGV[at + 1])
        local step = steps[word]
        local last_key, first = key, at + 2
        if step and step.is_run then
            last_key, first = tonumber(ARGV[first]), first + 1
        end
        if not step or not KEYS[key] or not KEYS[last_key] then
            error({ err = 'ERR malformed step ' .. tostring(word) })
        end
        local count = step.arguments
        if not count then
            count, first = tonumber(ARGV[first]), first + 1
        end
        local last = first + count - 1
        if last > #ARGV then
            error({ err = 'ERR step cut short: ' .. word })
        end
        read[#read + 1] = { word = word, step = step, key = key, last_key = last_key, first = first, last = last }
        at = last + 1
    end
    return read
end

-- No key of the store has this name.
local NOWHERE = '{0}:nowhere'

-- How many keys a call is given at once: Lua's stack has room for some thousands.
local RUN_MAX = 4000

-- Whether none of a run of keys is anything but a set: SINTERCARD looks at the type of each, and then at no member,
-- because one of them does not exist. A work is in a hundred sets; a TYPE for each would cost as much as the change.
local function are_sets(KEYS, first, last)
    for start = first, last, RUN_MAX do
        local stop = math.min(last, start + RUN_MAX - 1)
        local reply = redis.pcall('SINTERCARD', stop - start + 2, NOWHERE, unpack(KEYS, start, stop))
        if type(reply) == 'table' and reply.err then
            return false
        end
    end
    return true
end

local function has_type(KEYS, item)
    local wanted = item.step.type
    if wanted == 'set' then
        return are_sets(KEYS, item.key, item.last_key)
    elseif not wanted then
        return true
    end
    local actual = redis.call('TYPE', KEYS[item.key]).ok
    return actual == wanted or actual == 'none'
end

local function write(KEYS, ARGV, item)
    local call, command, first, last = redis.call, item.step.command, item.first, item.last
    if item.word == 'delif' then
        call('DEL', KEYS[item.key])
    elseif not item.step.is_run then
        call(command, KEYS[item.key], unpack(ARGV, first, last))
    elseif first == last then
        local member = ARGV[first]
        for key = item.key, item.last_key do
            call(command, KEYS[key], member)
        end
    else
        for key = item.key, item.last_key do
            call(command, KEYS[key], unpack(ARGV, first, last))
        end
    end
end

-- The first key after a run of keys for sets that begins with an item: one look at their types does for all of them.
local function end_of_sets(items, at)
    local last = items[at].last_key
    while items[at + 1] and items[at + 1].step.is_run and items[at + 1].key == last + 1 do
        at = at + 1
        last = items[at].last_key
    end
    return last + 1
end

local function commit(KEYS, ARGV)
    local writes = {}
    local items = read_steps(KEYS, ARGV)
    local sets_until = 0
    for at, item in ipairs(items) do
        local key, word = KEYS[item.key], item.word
        if item.step.is_run and item.key >= sets_until then
            sets_until = end_of_sets(items, at)
            if not are_sets(KEYS, item.key, sets_until - 1) then
                return redis.error_reply('WRONGTYPE ' .. key .. ' or one after it is not a set')
            end
        end
        if not item.step.command then
            if not checks[word](key, ARGV[item.first], ARGV[item.first + 1]) then
                return word .. ' ' .. item.key
            end
        elseif not item.step.is_run and not has_type(KEYS, item) then
            return redis.error_reply('WRONGTYPE ' .. key .. ' is not a ' .. item.step.type)
        elseif word ~= 'delif' or checks.field(key, ARGV[item.first], ARGV[item.first + 1]) then
            writes[#writes + 1] = item
        end
    end
    for _, item in ipairs(writes) do
        write(KEYS, ARGV, item)
    end
    return 'done'
end

redis.register_function('works_1_commit', commit)

-- The same for changes that only free memory: Redis runs it when it is full, too.
redis.register_function { function_name = 'works_1_free', callback = commit, flags = { 'allow-oom' } }


-- works_1_lack: what a commit of these steps would change.
--
-- KEYS and ARGV as above; of the writes, hset, hdel, zadd and sadd.
-- Reply  for each check that fails, and each write that is not in effect already, its word and a key number. A run of
--        keys has one for each key.

local function lacks(KEYS, ARGV, item, key)
    local word, first = item.word, item.first
    if checks[word] then
        return not checks[word](key, ARGV[first], ARGV[first + 1])
    elseif word == 'zadd' then
        for at = first, item.last, 2 do
            local score = redis.call('ZSCORE', key, ARGV[at + 1])
            if not score or tonumber(score) ~= tonumber(ARGV[at]) then
                return true
            end
        end
    elseif word == 'sadd' then
        for at = first, item.last do
            if redis.call('SISMEMBER', key, ARGV[at]) == 0 then
                return true
            end
        end
    elseif word == 'hset' then
        for at = first, item.last, 2 do
            if redis.call('HGET', key, ARGV[at]) ~= ARGV[at + 1] then
                return true
            end
        end
    elseif word == 'hdel' then
        for at = first, item.last do
            if redis.call('HEXISTS', key, ARGV[at]) == 1 then
                return true
            end
        end
    else
        error({ err = 'ERR no step to look for: ' .. word })
    end
    return false
end

local function lack(KEYS, ARGV)
    local found = {}
    for _, item in ipairs(read_steps(KEYS, ARGV)) do
        for key = item.key, item.last_key do
            local one = { step = item.step, key = key, last_key = key }
            if not has_type(KEYS, one) or lacks(KEYS, ARGV, item, KEYS[key]) then
                found[#found + 1] = item.word
                found[#found + 1] = key
            end
        end
    end
    return found
end

redis.register_function { function_name = 'works_1_lack', callback = lack, flags = { 'no-writes' } }
