-- luacheck: globals shared

-- The posting sets of a search in one block of numbers, and two ways to go through its matches, for search.lua.

local WINDOW = 128
-- After EMPTY_MAX windows without a match, list the rest of the block, unless that would cost more than LISTED_MAX.
local EMPTY_MAX = 4
local LISTED_MAX = 8192
-- Per alternative, ask for the sizes of at most SIZED_MAX sets (rarest term first), and stop once one has no more than
-- SMALL_MAX members: intersecting so few is cheaper than another SCARD.
local SIZED_MAX = 2
local SMALL_MAX = 1024

-- Lists the matches of a block below `top`, in descending order: cheap if they are few.
-- next() returns the next match and the cost of finding it; nil at the end.
local Listing = {}
Listing.__index = Listing

function Listing.new(block, top)
    local members = {}
    for _, keys in ipairs(block) do
        local found = redis.call('SINTER', unpack(keys))
        for i = 1, #found do
            members[#members + 1] = tonumber(found[i])
        end
    end
    -- A single set of integers is in order; several sets, or a set of another encoding, are not.
    for i = 2, #members do
        if members[i] < members[i - 1] then
            table.sort(members)
            break
        end
    end
    local at = #members
    while at > 0 and members[at] >= top do
        at = at - 1
    end
    return setmetatable({ members = members, at = at }, Listing)
end

function Listing:next()
    local at = self.at
    self.at = at - 1
    return self.members[at], 0
end

-- Does the same if matches are many: tries the numbers below `top` one by one, a window at a time.
-- next() returns false after a window without a further match, so that the caller can break off a long search for the
-- next one; `low` is the number reached so far.
local Probing = {}
Probing.__index = Probing

function Probing.new(block, top)
    local probing = { block = block, low = top, empty = 0, window = {}, hits = {}, at = 0, filled = 0 }
    return setmetatable(probing, Probing)
end

-- Returns 1 or 0 for each of the first `count` numbers of a window, 1 if it is in all sets; how many are; and how many
-- sets were checked.
local function in_all(keys, window, count)
    local all = redis.call('SMISMEMBER', keys[1], unpack(window, 1, count))
    local asked = 1
    while true do
        local left = 0
        for i = 1, count do
            left = left + all[i]
        end
        if left == 0 or asked == #keys then
            return all, left, asked
        end
        asked = asked + 1
        local is_in = redis.call('SMISMEMBER', keys[asked], unpack(window, 1, count))
        for i = 1, count do
            all[i] = all[i] * is_in[i]
        end
    end
end

-- Tries the next window; returns the cost.
function Probing:load()
    local window, hits, low = self.window, self.hits, self.low
    local count, cost = math.min(WINDOW, low), 0
    for i = 1, count do
        window[i] = low - i
        hits[i] = false
    end
    self.low, self.at, self.filled, self.empty = low - count, 0, count, self.empty + 1
    for _, keys in ipairs(self.block) do
        local all, left, asked = in_all(keys, window, count)
        cost = cost + asked * WINDOW / 8
        if left > 0 then
            self.empty = 0
            for i = 1, count do
                hits[i] = hits[i] or all[i] == 1
            end
        end
    end
    return cost
end

function Probing:next()
    if self.rest then
        return self.rest:next()
    end
    local cost = 0
    if self.at >= self.filled then
        if self.low == 0 then
            return nil, cost
        elseif self.empty >= EMPTY_MAX and self.block.effort <= LISTED_MAX then
            -- These numbers were never used, or their works were purged: the matches are elsewhere.
            self.rest = Listing.new(self.block, self.low)
            return false, self.block.effort / 16
        end
        cost = self:load()
    end
    local hits, at, filled = self.hits, self.at, self.filled
    repeat
        at = at + 1
    until at > filled or hits[at]
    self.at = at
    return at <= filled and self.window[at], cost
end

-- A block: a list of keys for each alternative that can have matches in it. `base` is the block's first number;
-- `effort` is an upper bound of the cost of intersecting the sets.
local Block = {}
Block.__index = Block

-- The keys of an alternative's sets, with `size`, the smallest known size; nil if one of the sets is empty.
local function keys_of(terms, query, number, sizes)
    local prefix, suffix = query.posting_prefix, query.block_separator .. number
    local keys, smallest = {}, query.block_size
    for i, term in ipairs(terms) do
        local key = prefix .. term .. suffix
        if i == 1 or i <= SIZED_MAX and smallest > SMALL_MAX then
            local size = sizes[key] or redis.call('SCARD', key)
            sizes[key] = size
            if size == 0 then
                return nil
            end
            smallest = math.min(smallest, size)
        end
        keys[i] = key
    end
    keys.size = smallest
    return keys
end

function Block.new(query, number)
    local block = setmetatable({ number = number, base = number * query.block_size, effort = 0 }, Block)
    local sizes = {}
    for _, terms in ipairs(query.alternatives) do
        local keys = keys_of(terms, query, number, sizes)
        if keys then
            block[#block + 1] = keys
            block.effort = block.effort + keys.size
        end
    end
    if query.complement then
        block.complement = query.posting_prefix .. query.complement .. query.block_separator .. number
    end
    return block
end

-- How many matches the block has, counted up to a bound.
function Block:count(most)
    local total = 0
    for _, keys in ipairs(self) do
        if total >= most then
            break
        elseif #keys == 1 then
            total = total + keys.size
        elseif #keys == 2 and self.complement then
            -- The complement is small, so intersecting with it is quick.
            total = total + redis.call('SCARD', keys[1]) - redis.call('SINTERCARD', 2, keys[1], self.complement)
        else
            local words = { #keys, unpack(keys) }
            words[#words + 1] = 'LIMIT'
            words[#words + 1] = string.format('%.0f', most - total)
            total = total + redis.call('SINTERCARD', unpack(words))
        end
    end
    return math.min(total, most)
end

-- The matches below `top`, relative to the block's first number: a Probing if the block has at least `dense_min`, else
-- a Listing.
function Block:matches(top, dense_min)
    local is_dense = self.effort >= dense_min and self:count(dense_min) >= dense_min
    return (is_dense and Probing or Listing).new(self, top), is_dense
end

shared.Block = Block
