-- luacheck: read globals shared library

-- rights: finds the commands that the user may not run, of all that these functions and the workers themselves need.
--
-- A function that meets such a command half-way has already made changes, which Redis does not take back. So a worker
-- calls this one first.
--
-- KEYS 1 any key of the store
-- Query  none
-- Reply  the names of the commands

local ON_A_KEY = {
    'DEL', 'EXISTS', 'EXPIRE', 'GET', 'HDEL', 'HGET', 'HGETALL', 'HMGET', 'HSET', 'INCR', 'INCRBY', 'SADD', 'SCARD',
    'SINTER', 'SMISMEMBER', 'SREM', 'TYPE', 'ZADD', 'ZCARD', 'ZCOUNT', 'ZRANGE', 'ZRANK', 'ZREM', 'ZREVRANK', 'ZSCORE',
}
-- These expect the number of their keys first.
local ON_COUNTED_KEYS = { 'SINTERCARD', 'ZDIFF' }

local function rights(keys)
    local key, missing = keys[1], {}
    local function demand(is_allowed, command)
        if not is_allowed then
            missing[#missing + 1] = command
        end
    end
    for _, command in ipairs(ON_A_KEY) do
        demand(redis.acl_check_cmd(command, key), command)
    end
    for _, command in ipairs(ON_COUNTED_KEYS) do
        demand(redis.acl_check_cmd(command, 1, key), command)
    end
    demand(redis.acl_check_cmd('FCALL', library .. '_commit', 1, key), 'FCALL')
    demand(redis.acl_check_cmd('TIME'), 'TIME')
    return missing
end

shared.register('rights', { 'no-writes' }, {}, rights)
