-- luacheck: read globals shared

-- search: finds the items in a combination of posting sets, highest number first, a step at a time.
--
-- A posting set belongs to one term and one block of numbers, and contains the offsets within the block of the items
-- that have the term. A combination is one or several alternatives, and no item matches two of them; each is a list of
-- terms that an item must all have. What the terms leave undecided, conditions on the item's texts decide.
--
-- A step goes downwards from block to block, counts matches and returns some of them. It ends when everything is done,
-- or when it has done enough for one call; the next step then continues from `below` and `counted_to` of its reply.
--
-- KEYS 1 the counter of numbers, whose value is the last number drawn
-- Query  below         continue below this number; absent: start from the newest
--        counted_to    the lowest block whose matches are already counted; absent: none
--        page_below    return only items below this number; absent: from the newest
--        skip          how many matches to skip before the first item
--        limit         how many items to return; 0: only find out whether one more exists; absent: return none
--        count_max     how many matches to count at most
--        effort        how much to do in this call, in units of about two microseconds; at least one candidate of a
--                      block, or one window of them, is examined in any case
--        bytes         how many bytes of items to return; at least one item is returned in any case
--        dense_min     a block with at least this many matches, or one whose sets are too large to intersect, is probed
--                      number by number instead of being listed
--        alternatives  the lists of terms, rarest terms first
--        complement    the term of exactly those items that lack the last term of every alternative; absent: none
--        conditions    conditions on the item's hash, see shared.meets
--        fields        the fields of the hash to return
--        posting_prefix, block_separator  the key of a posting set is the prefix, the term, the separator and the
--                      number of the block
--        block_size    how many numbers a block has
--        ids_prefix, ids_per_hash  the id of a number is in the hash whose key is the prefix and the number divided by
--                      ids_per_hash; the remainder is the field
--        item_prefix   the key of an item's hash is this followed by its id
-- Reply 1 how many matches were counted in this call
--       2 the lowest block whose matches are now counted; null: none
--       3 how many matches were skipped
--       4 where to continue; null: nothing is left to do
--       5 1 if a match follows the last item, else null
--       6… for each item an array of its fields' values, then its id, then its number

-- Once the cost of reaching the matches of a block has been paid, which the next step would have to pay again, at least
-- this much is spent on examining them.
local EXAMINING_MIN = 256
-- The cost of finding the id of a candidate whose texts are examined, and of returning an item, besides its bytes.
local ID_COST = 1
local ITEM_COST = 4

-- What is asked for, what is left to do, and what has been found.
local Step = {}
Step.__index = Step

function Step.new(newest, query)
    return setmetatable({
        query = query, newest = newest, is_exact = #query.conditions == 0,
        below = query.below or newest + 1, counted_to = query.counted_to, page_below = query.page_below or math.huge,
        to_skip = query.skip, to_return = query.limit, to_count = query.count_max,
        effort = query.effort, bytes = query.bytes,
        counted = 0, skipped = 0, has_more = false, items = {}, has_begun = false,
    }, Step)
end

function Step:is_complete()
    return self.below <= 0 or not self.to_return and self.to_count <= 0
end

function Step:id_of(number)
    local size = self.query.ids_per_hash
    return redis.call('HGET', self.query.ids_prefix .. math.floor(number / size), number % size)
end

-- Skips a match, or returns it, or only notes that it exists.
function Step:add(number, id)
    if self.to_skip > 0 then
        self.to_skip, self.skipped = self.to_skip - 1, self.skipped + 1
    elseif self.to_return == 0 then
        self.has_more, self.to_return = true, nil
    else
        local item, bytes = shared.values(self.query.item_prefix .. id, self.query.fields)
        item[#item + 1] = id
        item[#item + 1] = number
        self.items[#self.items + 1] = item
        self.to_return, self.bytes = self.to_return - 1, self.bytes - bytes
        self.effort = self.effort - ITEM_COST - shared.cost_of_bytes(bytes)
    end
end

function Step:meets(id)
    local is_met, cost = false, 0
    if id then
        is_met, cost = shared.meets(self.query.item_prefix .. id, self.query.conditions)
    end
    self.effort = self.effort - ID_COST - cost
    return is_met
end

-- Counts and adds a candidate if it is a match.
function Step:examine(number)
    local to_return = self.to_return
    local id
    if not self.is_exact then
        id = self:id_of(number)
        if not self:meets(id) then
            return
        end
        if self.to_count > 0 then
            self.counted, self.to_count = self.counted + 1, self.to_count - 1
        end
    elseif self.to_skip == 0 and to_return and to_return > 0 then
        id = self:id_of(number)
    end
    if to_return and number < self.page_below and (id or self.to_skip > 0 or to_return == 0) then
        self:add(number, id)
    end
end

-- Whether no further match of a block is needed.
function Step:has_enough()
    if self.to_count > 0 and not self.is_exact then
        return false
    end
    return not self.to_return or self.to_count <= 0 and self.below > self.page_below
end

-- Examines the matches of a block downwards from `below`, and sets `below` to where it stopped.
function Step:examine_block(block)
    local base = block.base
    local top = self.is_exact and math.min(self.below, self.page_below) or self.below
    local matches, reaching = block:matches(top - base, self.query.dense_min)
    self.effort = self.effort - reaching
    local effort_min = math.min(0, self.effort - EXAMINING_MIN)
    while self.bytes > 0 and self.effort > effort_min do
        local member, cost = matches:next()
        self.effort = self.effort - cost - 1
        if member then
            self:examine(base + member)
            self.below = base + member
        elseif member == nil then
            self.below = base
            return
        else
            self.below = base + matches.low
        end
        if self:has_enough() then
            return
        end
    end
end

function Step:count_block(block, most)
    self.effort = self.effort - block.counting_cost
    return block:count(most)
end

-- Skips a whole block if its matches only need counting; returns whether it did.
function Step:skip_block(block)
    local is_whole = self.below > self.newest or self.below == block.base + self.query.block_size
    if not is_whole or self.to_skip == 0 or self.page_below < self.below then
        return false
    end
    local found = self:count_block(block, self.to_skip + 1)
    if found > self.to_skip then
        return false
    end
    self.to_skip, self.skipped, self.below = self.to_skip - found, self.skipped + found, block.base
    return true
end

-- Counts a block without examining its candidates, since all of them match; examines it only for items to return.
function Step:visit_exact(block)
    local found
    if self.to_count > 0 and (not self.counted_to or block.number < self.counted_to) then
        found = self:count_block(block, self.to_count)
        self.counted, self.to_count, self.counted_to = self.counted + found, self.to_count - found, block.number
        if self.effort <= 0 and found > 0 and self.to_return then
            -- The items are left to the next step, which need not count the block again.
            return
        end
    end
    if not self.to_return or block.base >= self.page_below or found == 0 then
        self.below = block.base
    elseif not self:skip_block(block) then
        self:examine_block(block)
    end
end

-- What must be spent on a block before it yields anything.
function Step:cost_of(block)
    if self.is_exact then
        return block.counting_cost
    end
    return block:is_costly() and 0 or block.cost
end

function Step:visit_next_block()
    if self.to_count <= 0 and self.page_below < self.below then
        -- Nothing above the page matters any more.
        self.below = math.max(self.page_below, 0)
        if self.below == 0 then
            return
        end
    end
    local block = shared.Block.new(self.query, math.floor((self.below - 1) / self.query.block_size))
    self.effort = self.effort - 1 - #self.query.alternatives
    if self.has_begun and self:cost_of(block) > self.effort then
        -- It is left to the next step.
        self.effort = 0
        return
    end
    self.has_begun = true
    if #block == 0 then
        self.below = block.base
    elseif self.is_exact then
        self:visit_exact(block)
    else
        self:examine_block(block)
    end
    if self.is_exact and self.below == block.base then
        self.counted_to = math.min(self.counted_to or block.number, block.number)
    end
end

function Step:reply()
    local below = not self:is_complete() and self.below
    local reply = { self.counted, self.counted_to or false, self.skipped, below, self.has_more }
    for i, item in ipairs(self.items) do
        reply[5 + i] = item
    end
    return reply
end

local function search(keys, query)
    local step = Step.new(tonumber(redis.call('GET', keys[1]) or '0'), query)
    while step.effort > 0 and step.bytes > 0 and not step:is_complete() do
        step:visit_next_block()
    end
    return step:reply()
end

shared.register('search', { 'no-writes' }, {
    skip = 'number', count_max = 'number', effort = 'number', bytes = 'number', dense_min = 'number',
    alternatives = 'table', conditions = 'table', fields = 'table', posting_prefix = 'string',
    block_separator = 'string', block_size = 'number', ids_prefix = 'string', ids_per_hash = 'number',
    item_prefix = 'string',
}, search)
