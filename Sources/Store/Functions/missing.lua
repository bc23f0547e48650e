-- luacheck: read globals shared

-- missing: finds what a commit of these steps would change.
--
-- KEYS   as for commit
-- Query  steps  as for commit; of the writes only hset, hdel, zadd and sadd
-- Reply  the word and a key number, alternating, for each check that fails and each write that is not in effect. A run
--        of keys is reported key by key. On a key of the wrong type, no write is in effect.

-- For each write: whether any of its arguments, steps[first] to steps[last], is not yet in effect.
local is_missing = {}

function is_missing.zadd(key, steps, first, last)
    for at = first, last, 2 do
        local score = redis.call('ZSCORE', key, steps[at + 1])
        if not score or tonumber(score) ~= tonumber(steps[at]) then
            return true
        end
    end
end

function is_missing.sadd(key, steps, first, last)
    for at = first, last do
        if redis.call('SISMEMBER', key, steps[at]) == 0 then
            return true
        end
    end
end

function is_missing.hset(key, steps, first, last)
    for at = first, last, 2 do
        if redis.call('HGET', key, steps[at]) ~= steps[at + 1] then
            return true
        end
    end
end

function is_missing.hdel(key, steps, first, last)
    for at = first, last do
        if redis.call('HEXISTS', key, steps[at]) == 1 then
            return true
        end
    end
end

local function fails(key, steps, first, _, check)
    return not check(key, steps[first], steps[first + 1])
end

local function missing(keys, query)
    local steps, found = query.steps, {}
    local at = 1
    while at <= #steps do
        local word, kind, key, last_key, first, last = shared.read_step(keys, steps, at)
        local look = kind.check and fails or is_missing[word]
        if not look then
            error({ err = 'ERR no step to look for: ' .. word })
        end
        for number = key, last_key do
            local is_read, is_found = pcall(look, keys[number], steps, first, last, kind.check)
            if not is_read or is_found then
                found[#found + 1] = word
                found[#found + 1] = number
            end
        end
        at = last + 1
    end
    return found
end

shared.register('missing', { 'no-writes' }, { steps = 'table' }, missing)
