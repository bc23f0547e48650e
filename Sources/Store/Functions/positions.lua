-- works_1_positions: where items are, without the items: those behind a place in one sorted set.
--
-- KEYS 1 the sorted set
-- ARGV 1 `asc` or `desc`; scores are whole seconds, ties are ordered by member, all in the same direction
--      2 the score, and
--      3 the member, of the place, which need not be there any more
--      4 how many places to return
-- Reply  the member and score of each place

-- Whether the bytes of `a` come before those of `b`. Lua's `<` follows the server's locale, sorted sets do not.
local function comes_before(a, b)
    if a == b then
        return false
    end
    -- Ids may begin alike, so whole pieces are compared first.
    local start = 1
    while string.sub(a, start, start + 15) == string.sub(b, start, start + 15) do
        start = start + 16
    end
    for i = start, start + 15 do
        local x, y = string.byte(a, i) or -1, string.byte(b, i) or -1
        if x ~= y then
            return x < y
        end
    end
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

local function positions(KEYS, ARGV)
    local key, descending = KEYS[1], ARGV[1] == 'desc'
    local start = rank_after(key, descending, tonumber(ARGV[2]), ARGV[3])
    return range(key, start, start + tonumber(ARGV[4]) - 1, descending)
end

redis.register_function { function_name = 'works_1_positions', callback = positions, flags = { 'no-writes' } }
