#!lua name=works_1
-- The functions of the store. They know commands, not meanings: which keys there are and what belongs into them is
-- decided by the caller, so that the layout stands in one place. The number in the names is the schema's version.


-- works_1_commit: applies a change whole or not at all.
--
-- KEYS   every key that is checked or written
-- ARGV 1 steps, one after the other in an array in MessagePack, since a word of a command costs more to read than what it
--        says. Each is a word, the number of a key in KEYS, and its arguments. N, LAST and the number of a key are numbers,
--        everything else is text. Checks:
--          absent k                   the key does not exist
--          present k                  the key exists
--          field  k FIELD VALUE       the field of the hash has this value; `` for one that is not there
--          live   k                   the hash exists and has no `deleted_at`
--          empty  k                   the sorted set has no members
--        and writes, after all checks:
--          hset  k N FIELD VALUE …    N fields of a hash (N counts fields and values)
--          hdel  k N FIELD …          N fields out of a hash
--          zadd  k LAST N SCORE MEMBER …  members of each of the sorted sets from the k-th to the LAST-th key (N counts
--                                         scores and members)
--          zrem  k LAST N MEMBER …        N members out of each of them
--          sadd  k LAST N MEMBER …        N members of each of the sets from the k-th to the LAST-th key
--          srem  k LAST N MEMBER …        N members out of each of them
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

-- For each step: how many arguments follow the key number, nil if the first of them is their number; the type its key
-- must have, where no check before it tells; the command; and for one that goes over a run of keys, the number of the
-- last of which comes first, the command that looks at their types.
local steps = {
    absent = { arguments = 0 },
    present = { arguments = 0 },
    field = { arguments = 2 },
    live = { arguments = 0 },
    empty = { arguments = 0 },
    hset = { type = 'hash', command = 'HSET' },
    hdel = { type = 'hash', command = 'HDEL' },
    zadd = { command = 'ZADD', run_check = 'ZDIFF' },
    zrem = { command = 'ZREM', run_check = 'ZDIFF' },
    sadd = { command = 'SADD', run_check = 'SINTERCARD' },
    srem = { command = 'SREM', run_check = 'SINTERCARD' },
    del = { command = 'DEL', arguments = 0 },
    delif = { command = 'DEL', arguments = 2 },
    expire = { command = 'EXPIRE', arguments = 1 },
}

-- Reads the step at ARGV[at], the unpacked array. Returns its word, its entry in `steps`, the numbers of its first and
-- last key, and where its arguments begin and end. Throws an error reply for what is none.
local function read_step(KEYS, ARGV, at)
    local word, key = ARGV[at], ARGV[at + 1]
    local step = steps[word]
    local last_key, first = key, at + 2
    if step and step.run_check then
        last_key, first = ARGV[first], first + 1
    end
    if not step or not KEYS[key] or not KEYS[last_key] then
        error({ err = 'ERR malformed step ' .. tostring(word) })
    end
    local count = step.arguments
    if not count then
        count, first = ARGV[first], first + 1
    end
    local last = first + count - 1
    if last > #ARGV then
        error({ err = 'ERR step cut short: ' .. word })
    end
    return word, step, key, last_key, first, last
end

-- No key of the store has this name.
local NOWHERE = '{0}:nowhere'

-- How many keys a call is given at once: Lua's stack has room for some thousands.
local RUN_MAX = 4000

-- Throws an error reply if one of a run of keys is of the wrong type. SINTERCARD looks at the type of each, and then at no
-- member, because one of them does not exist. A work is in a hundred sets; a TYPE for each would cost as much as the
-- change. ZDIFF does the same for sorted sets; it would take a set as well, but no name is ever that of both.
local function demand_types(command, keys, first, last)
    for start = first, last, RUN_MAX do
        local stop = math.min(last, start + RUN_MAX - 1)
        redis.call(command, stop - start + 2, NOWHERE, unpack(keys, start, stop))
    end
end

local function has_type(key, wanted)
    local actual = redis.call('TYPE', key).ok
    return actual == wanted or actual == 'none'
end

-- Makes the checks; returns the word and the key number of the first that fails. Throws an error reply if a key has not
-- the type that its step needs.
local function check_all(KEYS, ARGV)
    local at, known = 1, {}
    -- By the command that looks at them: runs of keys that follow each other are looked at together.
    local runs = {}
    while at <= #ARGV do
        local word, step, number, last_number, first, last = read_step(KEYS, ARGV, at)
        local key = KEYS[number]
        if checks[word] then
            if not checks[word](key, ARGV[first], ARGV[first + 1]) then
                return word, number
            end
            -- What is absent can become anything, and what has a field is a hash.
            known[number] = word == 'absent' or word == 'field'
        elseif step.run_check then
            local run = runs[step.run_check]
            if run and number == run.last + 1 then
                run.last = last_number
            else
                if run then
                    demand_types(step.run_check, KEYS, run.first, run.last)
                end
                runs[step.run_check] = { first = number, last = last_number }
            end
        elseif step.type and not known[number] then
            if not has_type(key, step.type) then
                error({ err = 'WRONGTYPE ' .. key .. ' is not a ' .. step.type })
            end
            known[number] = true
        elseif word == 'delif' then
            -- For its type: what it finds counts only when it is written.
            checks.field(key, ARGV[first], ARGV[first + 1])
        end
        at = last + 1
    end
    for command, run in pairs(runs) do
        demand_types(command, KEYS, run.first, run.last)
    end
end

local function write_all(KEYS, ARGV)
    local call = redis.call
    local at = 1
    while at <= #ARGV do
        local word, step, key, last_key, first, last = read_step(KEYS, ARGV, at)
        local command = step.command
        if word == 'delif' then
            if checks.field(KEYS[key], ARGV[first], ARGV[first + 1]) then
                call('DEL', KEYS[key])
            end
        elseif command and last == first then
            local member = ARGV[first]
            for number = key, last_key do
                call(command, KEYS[number], member)
            end
        elseif command and last == first + 1 then
            local score, member = ARGV[first], ARGV[last]
            for number = key, last_key do
                call(command, KEYS[number], score, member)
            end
        elseif command then
            for number = key, last_key do
                call(command, KEYS[number], unpack(ARGV, first, last))
            end
        end
        at = last + 1
    end
end

local function commit(KEYS, ARGV)
    local steps = cmsgpack.unpack(ARGV[1])
    local word, number = check_all(KEYS, steps)
    if word then
        return word .. ' ' .. number
    end
    write_all(KEYS, steps)
    return 'done'
end

redis.register_function('works_1_commit', commit)

-- The same for changes that only free memory: Redis runs it when it is full, too.
redis.register_function { function_name = 'works_1_free', callback = commit, flags = { 'allow-oom' } }


-- works_1_missing: what a commit of these steps would change.
--
-- KEYS and ARGV as above; of the writes, hset, hdel, zadd and sadd.
-- Reply  for each check that fails, and each write that is not in effect already, its word and a key number. A run of
--        keys has one for each key.

local function lacks(ARGV, word, key, first, last)
    if checks[word] then
        return not checks[word](key, ARGV[first], ARGV[first + 1])
    elseif word == 'zadd' then
        for at = first, last, 2 do
            local score = redis.call('ZSCORE', key, ARGV[at + 1])
            if not score or tonumber(score) ~= tonumber(ARGV[at]) then
                return true
            end
        end
    elseif word == 'sadd' then
        for at = first, last do
            if redis.call('SISMEMBER', key, ARGV[at]) == 0 then
                return true
            end
        end
    elseif word == 'hset' then
        for at = first, last, 2 do
            if redis.call('HGET', key, ARGV[at]) ~= ARGV[at + 1] then
                return true
            end
        end
    elseif word == 'hdel' then
        for at = first, last do
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
    ARGV = cmsgpack.unpack(ARGV[1])
    local found = {}
    local at = 1
    while at <= #ARGV do
        local word, step, key, last_key, first, last = read_step(KEYS, ARGV, at)
        for number = key, last_key do
            -- A key of another type lacks whatever it is to have.
            local is_read, is_lacking = pcall(lacks, ARGV, word, KEYS[number], first, last)
            if is_lacking or not is_read then
                found[#found + 1] = word
                found[#found + 1] = number
            end
        end
        at = last + 1
    end
    return found
end

redis.register_function { function_name = 'works_1_missing', callback = lack, flags = { 'no-writes' } }
