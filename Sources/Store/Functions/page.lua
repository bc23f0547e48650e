-- luacheck: read globals shared

-- page: reads a page of the union of sorted sets that have no member in common; with conditions on texts, only
-- the items that meet them.
--
-- KEYS   the sorted sets
-- Query  descending    the direction
--        after_score, after_member  the position to start after, whose item need not exist any more; absent: start at
--                      the beginning
--        skip          how many items to skip first, counting only those that meet the conditions
--        limit         how many items to return
--        effort        how much to do in this call, in units of about two microseconds; at least one item is examined
--        bytes         how many bytes of items to return; at least one item is returned in any case
--        item_prefix   the key of an item's hash is this followed by its id
--        conditions    conditions on the hash, see shared.meets
--        fields        the fields of the hash to return
-- Reply  1 how many members the sets have in total
--        2 how many items were skipped
--        3 and 4 score and member of the last item examined; null if none was
--        5 1 if more follow, else null
--        6… for each item an array of its fields' values, then its id

local precedes = shared.precedes

-- The cost of reaching an item and reading its fields, besides that of its conditions and of its bytes.
local ITEM_COST = 4

-- Reads one sorted set from a rank on, piece by piece. `member` and `score` are the current item's; nil at the end.
local Reader = {}
Reader.__index = Reader

function Reader.new(key, rank, piece, descending)
    local reader = { key = key, rank = rank, piece = piece, descending = descending, items = {}, at = -1 }
    setmetatable(reader, Reader):advance()
    return reader
end

function Reader:advance()
    local at = self.at + 2
    if at > #self.items then
        self.items = shared.range(self.key, self.rank, self.rank + self.piece - 1, self.descending)
        self.rank = self.rank + self.piece
        at = 1
    end
    self.at = at
    self.member, self.score = self.items[at], tonumber(self.items[at + 1])
end

-- The union of sorted sets: the readers that have not reached their end, in order, the one with the first item last.
local Union = {}
Union.__index = Union

function Union.new(keys, query, skip, rank)
    local union = setmetatable({ descending = query.descending }, Union)
    local piece = math.max(8, math.ceil(math.min(query.effort / ITEM_COST, skip + query.limit) / #keys) + 1)
    for _, key in ipairs(keys) do
        local first = rank
        if query.after_member then
            first = first + shared.rank_after(key, query.descending, query.after_score, query.after_member)
        end
        union:put(Reader.new(key, first, piece, query.descending))
    end
    return union
end

-- Inserts a reader where its item belongs; drops it if it has reached its end.
function Union:put(reader)
    local score, member = reader.score, reader.member
    if not member then
        return
    end
    local low, high = 1, #self + 1
    while low < high do
        local middle = math.floor((low + high) / 2)
        local other = self[middle]
        if precedes(self.descending, score, member, other.score, other.member) then
            low = middle + 1
        else
            high = middle
        end
    end
    table.insert(self, low, reader)
end

local function cardinality(keys)
    local total = 0
    for _, key in ipairs(keys) do
        total = total + redis.call('ZCARD', key)
    end
    return total
end

-- Examines the items of a union in order until enough are found or the call has done enough.
local function walk(union, query, skip, reply)
    local effort, bytes, limit, skipped = query.effort, query.bytes, query.limit, 0
    local reader = table.remove(union)
    while reader and effort > 0 and limit > 0 and bytes > 0 do
        local member = reader.member
        local key = query.item_prefix .. member
        reply[3], reply[4] = reader.score, member
        local is_met, cost = shared.meets(key, query.conditions)
        if is_met and skipped < skip then
            skipped = skipped + 1
        elseif is_met then
            local item, item_bytes = shared.values(key, query.fields)
            item[#item + 1] = member
            reply[#reply + 1] = item
            limit, bytes = limit - 1, bytes - item_bytes
            cost = cost + shared.cost_of_bytes(item_bytes)
        end
        effort = effort - ITEM_COST - cost
        reader:advance()
        union:put(reader)
        reader = table.remove(union)
    end
    reply[2] = reply[2] + skipped
    reply[5] = reader ~= nil
end

local function page(keys, query)
    local total = cardinality(keys)
    local reply = { total, 0, false, false, false }
    if query.limit == 0 then
        return reply
    end
    local skip, rank = query.skip, 0
    if #keys == 1 and #query.conditions == 0 then
        -- Every item counts, so items can be skipped by rank alone.
        skip, rank, reply[2] = 0, skip, math.min(skip, total)
    end
    walk(Union.new(keys, query, skip, rank), query, skip, reply)
    return reply
end

shared.register('page', { 'no-writes' }, {
    descending = 'boolean', skip = 'number', limit = 'number', effort = 'number', bytes = 'number',
    item_prefix = 'string', conditions = 'table', fields = 'table',
}, page)
