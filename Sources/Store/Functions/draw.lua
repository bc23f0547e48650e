-- luacheck: read globals shared

-- draw: draws numbers for new items, and reads the time.
--
-- After a failover or a restore, the counter may stand behind numbers that are in use. It is then raised past them.
--
-- KEYS 1 the counter of numbers, whose value is the last number drawn
--      2 the marker of the store
-- Query  marker         what the marker must be, see shared.has_marker
--        count          how many numbers to draw, at least 1
--        ids_prefix, ids_per_hash  as for search
-- Reply  the time in seconds, and its microseconds; the last of the numbers, or null if they are still in use, so that
--        the caller should try again. Only `marker` if the marker is another one.

-- Raises the counter past at most this many hashes of ids in one call.
local HASHES_MAX = 10000
-- Lua's numbers are exact up to twice this.
local NUMBER_MAX = 2 ^ 52

local function ids(query, hash)
    return query.ids_prefix .. string.format('%.0f', hash)
end

local function is_taken(query, number)
    local size = query.ids_per_hash
    return number < 1 or redis.call('HGET', ids(query, math.floor(number / size)), number % size)
end

local function is_any_taken(query, last)
    for number = last - query.count + 1, last do
        if is_taken(query, number) then
            return true
        end
    end
    return false
end

-- The first number above `number` whose hash of ids does not exist.
local function free_after(query, number)
    local hash = math.floor(math.max(number, 0) / query.ids_per_hash) + 1
    for _ = 1, HASHES_MAX do
        if redis.call('EXISTS', ids(query, hash)) == 0 then
            break
        end
        hash = hash + 1
    end
    return hash * query.ids_per_hash
end

-- Adds to the counter and returns it; throws an error reply if it is higher than any number can be.
local function advance(counter, step)
    local last = step == 1 and redis.call('INCR', counter) or redis.call('INCRBY', counter, string.format('%.0f', step))
    if last > NUMBER_MAX then
        error({ err = 'ERR the counter of numbers is too high: ' .. counter })
    end
    return last
end

local function draw(keys, query)
    if not shared.has_marker(keys[2], query.marker) then
        return 'marker'
    end
    local time = redis.call('TIME')
    local last = advance(keys[1], query.count)
    if is_any_taken(query, last) then
        last = advance(keys[1], free_after(query, last) - last + query.count - 1)
        if is_any_taken(query, last) then
            last = false
        end
    end
    return { time[1], time[2], last }
end

local fields = { marker = 'table', count = 'number', ids_prefix = 'string', ids_per_hash = 'number' }
shared.register('draw', {}, fields, draw)
