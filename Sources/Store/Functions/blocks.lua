-- luacheck: globals shared

-- The posting sets of a search in one block of numbers, and two ways to go through its matches, for search.lua.

local WINDOW = 128
-- After EMPTY_MAX windows without a match, list the rest of the block, unless that would cost more than REST_COST_MAX.
local EMPTY_MAX = 4
local REST_COST_MAX = 512
-- If intersecting the sets of a block would cost more than this, they are probed without counting their matches first.
local COST_MAX = 4096
-- Per alternative, ask for the sizes of at most SIZED_MAX sets (rarest term first), and stop once one has no more than
-- SMALL_MAX members: intersecting so few is cheaper than another SCARD. A block that seems to cost more than COST_MAX
-- is worth asking for all sizes.
local SIZED_MAX = 2
local SMALL_MAX = 1024
-- The cost of asking a set for the numbers of a window, and of leaving out those that it does not have.
local ASKING_COST = 16
local FILTERING_COST = 1
local FILTERED_PER_UNIT = 32

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
    local probing = { block = block, low = top, empty = 0, window = {}, hits = {}, at = 0, filled = 0, cost = 0 }
    return setmetatable(probing, Probing)
end

-- For each number of the window 1 or 0, 1 if it is in the set. Alternatives share sets, so each is asked for once.
function Probing:ask(key)
    local is_in = self.asked[key]
    if not is_in then
        is_in = redis.call('SMISMEMBER', key, unpack(self.window, 1, self.filled))
        self.asked[key], self.cost = is_in, self.cost + ASKING_COST
    end
    return is_in
end

-- Those of the places in the window whose numbers are in the set.
function Probing:filter(places, key)
    local is_in, left = self:ask(key), {}
    for i = 1, #places do
        if is_in[places[i]] == 1 then
            left[#left + 1] = places[i]
        end
    end
    self.cost = self.cost + FILTERING_COST + #places / FILTERED_PER_UNIT
    return left
end

-- Marks the places in the window whose numbers are in all sets of an alternative. A node knows the places that are left
-- after some sets, and the nodes behind it: alternatives begin with the same sets, which are filtered by once.
function Probing:mark(node, keys)
    for _, key in ipairs(keys) do
        node.behind[key] = node.behind[key] or { places = self:filter(node.places, key), behind = {} }
        node = node.behind[key]
        if #node.places == 0 then
            return
        end
    end
    for _, place in ipairs(node.places) do
        self.hits[place] = true
    end
    self.empty = 0
end

-- Tries the next window; returns the cost.
function Probing:load()
    local count, places = math.min(WINDOW, self.low), {}
    for i = 1, count do
        self.window[i] = self.low - i
        self.hits[i] = false
        places[i] = i
    end
    self.low, self.at, self.filled, self.empty = self.low - count, 0, count, self.empty + 1
    self.asked, self.cost = {}, 0
    local root = { places = places, behind = {} }
    for _, keys in ipairs(self.block) do
        self:mark(root, keys)
    end
    return self.cost
end

function Probing:next()
    if self.rest then
        return self.rest:next()
    end
    local cost = 0
    if self.at >= self.filled then
        if self.low == 0 then
            return nil, cost
        elseif self.empty >= EMPTY_MAX and self.block.cost <= REST_COST_MAX then
            -- These numbers were never used, or their works were purged: the matches are elsewhere.
            self.rest = Listing.new(self.block, self.low)
            return false, self.block.cost
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

-- A block: a list of keys for each alternative that can have matches in it. `base` is its first number; `most` is an
-- upper bound of its matches; `cost` and `counting_cost` are upper bounds of what it costs to list and to count them.
local Block = {}
Block.__index = Block

local function size_of(key, sizes)
    sizes[key] = sizes[key] or redis.call('SCARD', key)
    return sizes[key]
end

-- The keys of an alternative's sets, with `size`, the smallest known size; nil if one of the sets is empty.
local function keys_of(terms, query, suffix, sizes, sized_max)
    local keys, smallest = {}, query.block_size
    for i, term in ipairs(terms) do
        local key = query.posting_prefix .. term .. suffix
        if i == 1 or i <= sized_max and smallest > SMALL_MAX then
            local size = size_of(key, sizes)
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

-- SINTER looks up each member of the smallest set in the others, some 30 ns each, and a match costs some 60 ns more.
local function intersecting_cost(size, set_count)
    return size * (set_count + 2) / 64
end

-- Whether an alternative is counted by its only set, or by those of its first set that are not in the complement.
function Block:is_counted_by_one(keys)
    return #keys == 1 or #keys == 2 and self.complement
end

function Block:add(keys, sizes)
    self[#self + 1] = keys
    self.most = self.most + keys.size
    self.cost = self.cost + intersecting_cost(keys.size, #keys)
    if not self:is_counted_by_one(keys) then
        self.counting_cost = self.counting_cost + intersecting_cost(keys.size, #keys)
    elseif #keys == 2 then
        local size = math.min(keys.size, size_of(self.complement, sizes))
        self.counting_cost = self.counting_cost + intersecting_cost(size, 2)
    end
end

local function sized_block(query, number, sizes, sized_max)
    local suffix = query.block_separator .. number
    local block = { number = number, base = number * query.block_size, most = 0, cost = 0, counting_cost = 0 }
    block.complement = query.complement and query.posting_prefix .. query.complement .. suffix
    setmetatable(block, Block)
    for _, terms in ipairs(query.alternatives) do
        local keys = keys_of(terms, query, suffix, sizes, sized_max)
        if keys then
            block:add(keys, sizes)
        end
    end
    return block
end

function Block.new(query, number)
    local sizes = {}
    local block = sized_block(query, number, sizes, SIZED_MAX)
    if block.cost > COST_MAX then
        block = sized_block(query, number, sizes, math.huge)
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
        elseif self:is_counted_by_one(keys) then
            -- The complement is usually small, so intersecting with it is quick.
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

-- Whether the matches are to be probed without counting them first.
function Block:is_costly()
    return self.cost > COST_MAX
end

-- The matches below `top`, relative to the block's first number, and the cost of reaching them: a Probing if the block
-- has at least `dense_min`, or is costly, else a Listing.
function Block:matches(top, dense_min)
    if self:is_costly() then
        return Probing.new(self, top), 0
    elseif self.most < dense_min then
        return Listing.new(self, top), self.cost
    elseif self:count(dense_min) >= dense_min then
        return Probing.new(self, top), self.counting_cost
    end
    return Listing.new(self, top), self.counting_cost + self.cost
end

shared.Block = Block
