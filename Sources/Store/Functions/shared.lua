-- luacheck: read globals library (its name, which Library.swift puts before this file)

-- The functions of the store. They know commands, not meanings: the caller decides which keys exist and what belongs in
-- them, and sends every name, prefix and size of the layout.
--
-- Each of the other files has its own scope (see Library.swift) and sees only `shared` of the rest.
local shared = {} -- luacheck: ignore 241 (the other files read it)

-- Registers a function: body(keys, query) returns its reply. A function is called with KEYS and one argument, a map in
-- MessagePack, because Redis would spend more on parsing further words of a command than on carrying them out.
-- `fields` are those that a query must have, with their Lua types; others may be absent.
function shared.register(name, flags, fields, body)
    local function run(keys, arguments)
        local is_read, query = pcall(cmsgpack.unpack, arguments[1])
        if not is_read or type(query) ~= 'table' or #arguments > 1 then
            error({ err = 'ERR malformed query: not one map in MessagePack' })
        end
        for field, wanted in pairs(fields) do
            if type(query[field]) ~= wanted then
                error({ err = 'ERR malformed query: ' .. field .. ' is not a ' .. wanted })
            end
        end
        return body(keys, query)
    end
    redis.register_function { function_name = library .. '_' .. name, flags = flags, callback = run }
end

-- Sorted sets: scores are whole seconds, and ties are ordered by member. Both are reversed when `descending`.

-- Whether the bytes of `a` come before those of `b`. Lua's `<` follows the server's locale; sorted sets do not.
local function comes_before(a, b)
    if a == b then
        return false
    end
    -- Ids often share a long prefix, so whole pieces are compared first.
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

-- Whether the item (score, member) comes before the other one.
function shared.precedes(descending, score, member, other_score, other_member)
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

-- The members and scores, alternating, from one rank to another.
function shared.range(key, first, last, descending)
    if descending then
        return redis.call('ZRANGE', key, first, last, 'REV', 'WITHSCORES')
    end
    return redis.call('ZRANGE', key, first, last, 'WITHSCORES')
end

-- The rank of the first item after (score, member), which need not exist any more: a binary search among the members
-- with the same score.
function shared.rank_after(key, descending, score, member)
    local found = redis.call('ZSCORE', key, member)
    if found and tonumber(found) == score then
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
        local other = shared.range(key, middle, middle, descending)[1]
        if shared.precedes(descending, score, member, score, other) then
            high = middle
        else
            low = middle + 1
        end
    end
    return low
end

-- Hashes.

-- Costs are in units of about two microseconds: of a condition, besides reading its texts; and how many bytes of texts
-- are read, and searched or returned, for one unit.
local CONDITION_COST = 3
local BYTES_PER_UNIT = 512

-- The cost of reading and searching, or of returning, this many bytes.
function shared.cost_of_bytes(count)
    return count / BYTES_PER_UNIT
end

-- Whether all of the pieces stand in a text, one after another from `at` on, and where those that do end.
local function follow(text, at, pieces)
    for i = 1, #pieces do
        local next_at = at + #pieces[i]
        if string.sub(text, at, next_at - 1) ~= pieces[i] then
            return false, at
        end
        at = next_at
    end
    return true, at
end

-- Whether all of the pieces stand in a text, one before another, the first of them right before `at`.
local function precede(text, at, pieces)
    for i = 1, #pieces do
        local first = at - #pieces[i]
        if first < 1 or string.sub(text, first, at - 1) ~= pieces[i] then
            return false
        end
        at = first
    end
    return true
end

-- Whether a text contains a needle, which comes in pieces: see Needle.swift.
local function contains(text, needle)
    local word, period = needle.text, needle.period
    local at = string.find(text, word, 1, true)
    while at do
        local follows, match_end = follow(text, at + #word, needle.after)
        if follows and precede(text, at, needle.before) then
            return true
        end
        -- If what has matched repeats itself, the needle does not begin before its last period.
        at = string.find(text, word, period and match_end - period + 1 or at + 1, true)
    end
    return false
end

-- Whether a hash meets a condition, and how many bytes of texts were read.
local function meets_one(key, condition)
    if condition.kind == 'equals' then
        local text = redis.call('HGET', key, condition.field)
        return text == condition.text, #(text or '')
    end
    local found = redis.call('HMGET', key, condition.field, condition.folded)
    local plain, folded = found[1] or '', found[2]
    return contains(folded or plain, condition), #plain + #(folded or '')
end

-- Whether a hash meets all conditions, and the cost of deciding. A condition has `kind`, `field` and `text`.
-- Kind `equals`: the field is the text, byte by byte. Kind `contains`: the folded form contains the needle that `text`,
-- `before`, `after` and `period` make up; that form is in the field `folded` if it differs from the field itself.
function shared.meets(key, conditions)
    local cost = 0
    for i = 1, #conditions do
        local is_met, bytes = meets_one(key, conditions[i])
        cost = cost + CONDITION_COST + shared.cost_of_bytes(bytes)
        if not is_met then
            return false, cost
        end
    end
    return true, cost
end

-- The values of a hash's fields, and their size in bytes.
function shared.values(key, fields)
    local values, bytes = redis.call('HMGET', key, unpack(fields)), 0
    for i = 1, #values do
        bytes = bytes + (values[i] and #values[i] or 0)
    end
    return values, bytes
end

-- The marker of a store.

-- Whether the hash is the marker that a caller expects: `marker` has fields and values, alternating. A store that was
-- emptied, installed anew or brought to another layout has another one.
function shared.has_marker(key, marker)
    for i = 1, #marker, 2 do
        if redis.call('HGET', key, marker[i]) ~= marker[i + 1] then
            return false
        end
    end
    return true
end

-- Steps of a commit, see commit.lua.

local function has_value(key, field, value)
    return (redis.call('HGET', key, field) or '') == value
end

-- `arguments`: how many follow the key number; nil if a count of them comes first. `check`: whether the step's check
-- passes. `is_hash_check`: a key that passes it is a hash or absent. `type`: the type that a write's key must have.
-- `command`: what a write runs. `run_check`: for a write to a run of keys, whose last number then precedes the count,
-- the command that checks all their types at once. `run_if`: the condition of a write, if it has one.
shared.step_kinds = {
    absent = {
        arguments = 0, is_hash_check = true,
        check = function(key) return redis.call('EXISTS', key) == 0 end,
    },
    present = { arguments = 0, check = function(key) return redis.call('EXISTS', key) == 1 end },
    size = { arguments = 1, check = function(key, size) return redis.call('ZCARD', key) == tonumber(size) end },
    field = { arguments = 2, is_hash_check = true, check = has_value },
    has = {
        arguments = 1, is_hash_check = true,
        check = function(key, field) return redis.call('HGET', key, field) end,
    },
    lacks = {
        arguments = 1, is_hash_check = true,
        check = function(key, field) return not redis.call('HGET', key, field) end,
    },
    hset = { command = 'HSET', type = 'hash' },
    hdel = { command = 'HDEL', type = 'hash' },
    zadd = { command = 'ZADD', run_check = 'ZDIFF' },
    zrem = { command = 'ZREM', run_check = 'ZDIFF' },
    sadd = { command = 'SADD', run_check = 'SINTERCARD' },
    srem = { command = 'SREM', run_check = 'SINTERCARD' },
    del = { command = 'DEL', arguments = 0 },
    delif = { command = 'DEL', arguments = 2, type = 'hash', run_if = has_value },
    expire = { command = 'EXPIRE', arguments = 1 },
}

-- Reads the step that begins at steps[at]. Returns its word, its kind, the numbers of its first and last key, and the
-- indices of its first and last argument. Throws an error reply if it is malformed.
function shared.read_step(keys, steps, at)
    local word, key = steps[at], steps[at + 1]
    local kind = shared.step_kinds[word]
    local last_key, first = key, at + 2
    if kind and kind.run_check then
        last_key, first = steps[first], first + 1
    end
    if not kind or not keys[key] or not keys[last_key] then
        error({ err = 'ERR malformed step ' .. tostring(word) })
    end
    local count = kind.arguments
    if not count then
        count, first = steps[first], first + 1
    end
    if type(count) ~= 'number' or count < 0 or first + count - 1 > #steps then
        error({ err = 'ERR step cut short: ' .. word })
    end
    return word, kind, key, last_key, first, first + count - 1
end
