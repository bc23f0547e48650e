-- works_1_search: the works that are in a combination of posting sets, newest number first, a step at a time.
--
-- A posting set is for one term and one block of 32768 numbers, and holds the low 15 bits of the numbers of the works
-- that have the term. A combination is one or several alternatives that no work meets two of; each is a list of terms
-- that a work must have together. Conditions on texts are looked up for what the terms leave over.
--
-- A step goes from block to block downwards, counts matches, and returns some of them. It ends when all is done, or
-- when it has done enough for one call; the next step then goes on at the place that this one returns.
--
-- KEYS 1 the counter of numbers: the last one that was drawn for a work
-- ARGV 1 where to go on: below this number (`` for the newest)
--      2 the lowest block whose matches are counted already (`` for none)
--      3 items are returned from below this number (`` for the newest)
--      4 how many matches to pass over before the first item
--      5 how many items to return; 0 only tells whether there is one more; -1 asks for none
--      6 how many matches to count at the most
--      7 how much to do in this call, in units of about two microseconds
--      8 how many bytes of items to return; one item is returned in any case
--      9 what the key of a posting set begins with; the term, a colon and the block follow
--     10 what the key of a hash of ids by number begins with; the number without its low 7 bits follows
--     11 what the key of an item begins with; its id follows
--     12 from how many matches in a block on its numbers are tried one after the other instead of listing them all
--     13 the term of all works, and of no others, that lack the last term of each alternative; `` if it is not known
--     14 how many alternatives follow; each is the number of its terms, and the terms
--     then how many conditions on texts follow, and four words for each (see `meets`)
--     then the fields of an item's hash
-- Reply 1 how many matches were counted in this call
--       2 the lowest block whose matches are counted now (`` for none)
--       3 how many matches were passed over
--       4 where to go on; `` when there is nothing below
--       5 1 if there is a match behind the last item, else 0
--       6… for each item an array of its fields' values, then its id, then its number

local BLOCK = 32768
local BUCKET = 128
local WINDOW = 128
-- How many candidates are looked at in any case, once the way to them has been paid for.
local CANDIDATES_MIN = 64
local WINDOWS_MIN = 4
-- After so many windows without a match the rest of a block is listed, unless it is more than this.
local EMPTY_MAX = 4
local LISTED_MAX = 8192
-- What a look at the texts of a candidate costs beside what it reads.
local LOOK_COST = 4
-- How many terms of an alternative are asked for the sizes of their sets, the rarest first, and up to which size no other
-- is asked for: intersecting so few costs less than a look for fewer.
local SIZED_MAX = 2
local SMALL_MAX = 1024

-- The alternatives that can have matches in a block, as lists of keys.
-- `effort` is what intersecting them costs at the most.
local function present(alternatives, complement, block, prefix)
    local sizes, found, effort = {}, {}, 0
    for _, terms in ipairs(alternatives) do
        local keys, smallest = {}, BLOCK
        for i, term in ipairs(terms) do
            local key = prefix .. term .. ':' .. block
            if i == 1 or i <= SIZED_MAX and smallest > SMALL_MAX then
                local size = sizes[key]
                if not size then
                    size = redis.call('SCARD', key)
                    sizes[key] = size
                end
                if size == 0 then
                    keys = nil
                    break
                end
                smallest = math.min(smallest, size)
            end
            keys[i] = key
        end
        if keys then
            keys.size = smallest
            keys.complement = complement ~= '' and prefix .. complement .. ':' .. block
            found[#found + 1] = keys
            effort = effort + smallest
        end
    end
    return found, effort
end

-- How many matches the alternatives have, counted up to a bound.
local function count(alternatives, most)
    local total = 0
    for _, keys in ipairs(alternatives) do
        if total >= most then
            break
        elseif #keys == 1 then
            total = total + keys.size
        elseif #keys == 2 and keys.complement then
            -- Few lack the last term, so that they are soon looked for.
            total = total + redis.call('SCARD', keys[1]) - redis.call('SINTERCARD', 2, keys[1], keys.complement)
        else
            local limit = string.format('%.0f', most - total)
            local words = { #keys, unpack(keys) }
            words[#words + 1] = 'LIMIT'
            words[#words + 1] = limit
            total = total + redis.call('SINTERCARD', unpack(words))
        end
    end
    return math.min(total, most)
end

-- The members below `top`, downwards: an iterator for few of them, which lists them first.
local function listed(alternatives, top)
    local members = {}
    for _, keys in ipairs(alternatives) do
        for _, member in ipairs(redis.call('SINTER', unpack(keys))) do
            members[#members + 1] = tonumber(member)
        end
    end
    -- One set of integers comes in order; several, or a set of another encoding, do not.
    for i = 2, #members do
        if members[i] < members[i - 1] then
            table.sort(members)
            break
        end
    end
    local at = #members + 1
    return function()
        repeat
            at = at - 1
        until at < 1 or members[at] < top
        return members[at], 0
    end
end

-- The same for many: an iterator that tries the numbers in windows. With a member comes what finding it has cost; after a
-- window comes false, so that a long way to the next member can be broken off, and the number it has come down to.
local function probed(alternatives, top, effort)
    local window, hits, at = {}, {}, 0
    local low, empty = top, 0
    local function load()
        local count, cost = math.min(WINDOW, low), 0
        for i = 1, count do
            window[i] = low - i
            hits[i] = false
        end
        low, empty = low - count, empty + 1
        for _, keys in ipairs(alternatives) do
            local all, left
            for _, key in ipairs(keys) do
                local is_in = redis.call('SMISMEMBER', key, unpack(window, 1, count))
                left = 0
                for i = 1, count do
                    is_in[i] = is_in[i] * (all and all[i] or 1)
                    left = left + is_in[i]
                end
                all, cost = is_in, cost + WINDOW / 8
                if left == 0 then
                    break
                end
            end
            if left > 0 then
                empty = 0
            end
            for i = 1, count do
                hits[i] = hits[i] or all[i] == 1
            end
        end
        return count, cost
    end
    local filled, rest = 0, nil
    return function()
        local cost = 0
        if rest then
            return rest()
        end
        if at >= filled then
            if low == 0 then
                return nil, cost
            end
            if empty >= EMPTY_MAX and effort <= LISTED_MAX then
                -- Numbers that were never given, or whose works are gone: the members are elsewhere.
                rest = listed(alternatives, low)
                return false, effort / 16, low
            end
            at = 0
            filled, cost = load()
        end
        while at < filled do
            at = at + 1
            if hits[at] then
                return window[at], cost
            end
        end
        return false, cost, low
    end
end

-- Reads alternatives: their number at ARGV[at], then for each the number of its terms, and the terms.
-- Returns them, and where the words behind them begin.
local function read_alternatives(ARGV, at)
    local alternatives = {}
    local first = at + 1
    for number = 1, tonumber(ARGV[at]) do
        local terms = {}
        for i = 1, tonumber(ARGV[first]) do
            terms[i] = ARGV[first + i]
        end
        alternatives[number] = terms
        first = first + #terms + 1
    end
    return alternatives, first
end

local function search(KEYS, ARGV)
    local newest = tonumber(redis.call('GET', KEYS[1]) or '0')
    local below = tonumber(ARGV[1]) or newest + 1
    local counted = tonumber(ARGV[2]) or math.huge
    local page = tonumber(ARGV[3]) or math.huge
    local skip, take, most = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
    local budget, bytes = tonumber(ARGV[7]), tonumber(ARGV[8])
    local dense_min = tonumber(ARGV[12])
    local complement = ARGV[13]
    local alternatives, at = read_alternatives(ARGV, 14)
    local conditions, fields = read_conditions(ARGV, at)
    local is_exact = #conditions == 0

    local matched, skipped, more = 0, 0, 0
    local items = {}

    local function id_of(number)
        return redis.call('HGET', ARGV[10] .. math.floor(number / BUCKET), number % BUCKET)
    end

    -- Passes a match over, or returns it, or only learns that it is there.
    local function put(number, id)
        if skip > 0 then
            skip, skipped = skip - 1, skipped + 1
        elseif take == 0 then
            more, take = 1, -1
        else
            local item = redis.call('HMGET', ARGV[11] .. id, unpack(ARGV, fields))
            for _, value in ipairs(item) do
                bytes = bytes - (value and #value or 0)
            end
            item[#item + 1] = id
            item[#item + 1] = number
            items[#items + 1] = item
            take, budget = take - 1, budget - 4
        end
    end

    -- Counts a candidate, and puts it, if it is a match.
    local function take_candidate(number)
        local id = (not is_exact or skip == 0 and take > 0) and id_of(number)
        if not is_exact then
            local is_met, bytes_read = false, 0
            if id then
                is_met, bytes_read = meets(ARGV[11] .. id, conditions)
            end
            budget = budget - LOOK_COST - bytes_read / 1024
            if not is_met then
                return
            end
        end
        if not is_exact and most > 0 then
            matched, most = matched + 1, most - 1
        end
        if take >= 0 and number < page and (id or skip > 0 or take == 0) then
            put(number, id)
        end
    end

    -- Goes through a block from `below` on; leaves `below` where it has come to.
    local function look(sets, base, effort)
        local top = math.min(below, page) - base
        if not is_exact then
            top = below - base
        end
        local dense = effort >= dense_min and count(sets, dense_min) >= dense_min
        budget = budget - effort / 16
        local next_member = (dense and probed or listed)(sets, top, effort)
        local tries, least = 0, dense and WINDOWS_MIN or CANDIDATES_MIN
        while bytes > 0 and (budget > 0 or tries < least) do
            local member, cost, low = next_member()
            tries = tries + 1
            budget = budget - cost - 1
            if member == nil then
                below = base
                return
            elseif member then
                take_candidate(base + member)
                below = base + member
            else
                below = base + low
            end
            if take < 0 and (is_exact or most <= 0) or most <= 0 and below > page then
                return
            end
        end
    end

    while below > 0 and budget > 0 and bytes > 0 and (take >= 0 or most > 0) do
        if most <= 0 and page < below then
            below = math.max(page, 0)
        end
        if below > 0 then
            local block = math.floor((below - 1) / BLOCK)
            local base = block * BLOCK
            local is_whole = below > newest or below == base + BLOCK
            local sets, effort = present(alternatives, complement, block, ARGV[9])
            budget = budget - 1 - #alternatives
            if #sets == 0 then
                below = base
            elseif is_exact then
                local found
                if most > 0 and block < counted then
                    found = count(sets, most)
                    matched, most = matched + found, most - found
                    counted = block
                    budget = budget - effort / 16
                end
                if take < 0 or base >= page or found == 0 then
                    below = base
                elseif is_whole and skip > 0 and page >= below then
                    -- A block that is passed over whole need only be counted.
                    local found = count(sets, skip + 1)
                    budget = budget - effort / 16
                    if found <= skip then
                        skip, skipped, below = skip - found, skipped + found, base
                    else
                        look(sets, base, effort)
                    end
                else
                    look(sets, base, effort)
                end
            else
                look(sets, base, effort)
            end
            if below == base and is_exact then
                counted = math.min(counted, block)
            end
        end
    end

    local is_over = below <= 0 or take < 0 and most <= 0
    return {
        matched, counted == math.huge and '' or counted, skipped, is_over and '' or string.format('%.0f', below),
        more, unpack(items),
    }
end

redis.register_function { function_name = 'works_1_search', callback = search, flags = { 'no-writes' } }
