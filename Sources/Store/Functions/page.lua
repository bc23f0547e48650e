-- works_1_page: the items at a place in the union of sorted sets that have no member in common; with conditions on
-- texts, only the items that meet them.
--
-- KEYS   the sorted sets; scores are whole seconds, ties are ordered by member, all in the order's direction
-- ARGV   1 `asc` or `desc`
--        2 the place: `rank`, or `after`
--        3 for `rank` how many items to pass over; for `after` the score, and
--        4 the member, of the last item passed (`` for `rank`)
--        5 how many more items to pass over (0 for `rank`)
--        6 how many items to return
--        7 how many items to look at, passed over and returned, in this call
--        8 how many bytes of items to return; one item is returned in any case
--        9 what an item's key starts with; its id follows
--        10 how many conditions on texts follow, four words each (see `meets`); with any, `rank` counts only the items
--           that meet them, and the way there is walked
--        then the fields of an item's hash
-- Reply  1 how many members the sets have together
--        2 how many items were passed over of those to pass over
--        3 and 4 score and member of the last item passed over or returned (`` and `` if none was)
--        5 1 if there are more behind it, else 0
--        6… for each item an array of its fields' values, then its id

-- Reads one sorted set from a rank on, in pieces. `member` and `score` are the current item's, nil at the end.
local function open(key, rank, piece, descending)
    local reader = { key = key, rank = rank, items = {}, at = 1 }
    function reader.load()
        if reader.at > #reader.items then
            reader.items = range(key, reader.rank, reader.rank + piece - 1, descending)
            reader.at = 1
            reader.rank = reader.rank + piece
        end
        reader.member = reader.items[reader.at]
        reader.score = tonumber(reader.items[reader.at + 1])
    end
    function reader.advance()
        reader.at = reader.at + 2
        reader.load()
    end
    reader.load()
    return reader
end

-- Puts a reader at its place among those that are in order, the first of all at the end; drops one that is at its end.
local function put_back(readers, reader, descending)
    if not reader.member then
        return
    end
    local low, high = 1, #readers + 1
    while low < high do
        local middle = math.floor((low + high) / 2)
        local other = readers[middle]
        if precedes(descending, reader.score, reader.member, other.score, other.member) then
            low = middle + 1
        else
            high = middle
        end
    end
    table.insert(readers, low, reader)
end

local function page(KEYS, ARGV)
    local descending = ARGV[1] == 'desc'
    local place, count, budget, bytes = ARGV[2], tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
    local skip = tonumber(ARGV[5])
    local conditions, fields = read_conditions(ARGV, 10)
    local start = 0
    if place == 'rank' then
        if #KEYS == 1 and #conditions == 0 then
            start = tonumber(ARGV[3])
        else
            skip = tonumber(ARGV[3])
        end
    end

    local total = 0
    for _, key in ipairs(KEYS) do
        total = total + redis.call('ZCARD', key)
    end
    local reply = { total, 0, '', '', 0 }
    if count == 0 then
        return reply
    end

    local readers = {}
    local piece = math.max(8, math.ceil(math.min(budget, skip + count) / #KEYS) + 1)
    for _, key in ipairs(KEYS) do
        local rank = start
        if place == 'after' then
            rank = rank_after(key, descending, tonumber(ARGV[3]), ARGV[4])
        end
        put_back(readers, open(key, rank, piece, descending), descending)
    end

    local skipped, taken = 0, 0
    local reader = table.remove(readers)
    while reader and budget > 0 and taken < count and bytes > 0 do
        reply[3], reply[4] = string.format('%.0f', reader.score), reader.member
        local key = ARGV[9] .. reader.member
        local is_met, bytes_read = meets(key, conditions)
        if not is_met then
            -- Looked at, and nothing else.
        elseif skipped < skip then
            skipped = skipped + 1
        else
            local item = redis.call('HMGET', key, unpack(ARGV, fields))
            for _, value in ipairs(item) do
                bytes = bytes - (value and #value or 0)
            end
            item[#item + 1] = reader.member
            taken = taken + 1
            reply[5 + taken] = item
        end
        budget = budget - 1 - bytes_read / 8192
        reader.advance()
        put_back(readers, reader, descending)
        reader = table.remove(readers)
    end
    reply[2] = skipped
    reply[5] = reader and 1 or 0
    return reply
end

redis.register_function { function_name = 'works_1_page', callback = page, flags = { 'no-writes' } }
