-- luacheck: read globals shared

-- positions: reads the positions of the items after a position in a sorted set, without the items.
--
-- KEYS 1 the sorted set
-- Query  descending                 the direction
--        after_score, after_member  the position, whose item need not exist any more
--        limit                      how many to return, at least 1
-- Reply  their members and scores, alternating

local function positions(keys, query)
    local key, descending = keys[1], query.descending
    local first = shared.rank_after(key, descending, query.after_score, query.after_member)
    return shared.range(key, first, first + query.limit - 1, descending)
end

local fields = { descending = 'boolean', after_score = 'number', after_member = 'string', limit = 'number' }
shared.register('positions', { 'no-writes' }, fields, positions)
