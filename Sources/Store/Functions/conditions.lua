-- Conditions on the texts of a hash, for the functions that follow.

-- Reads conditions: their number at ARGV[at], then for each four words.
-- Returns them, and where the words behind them begin.
local function read_conditions(ARGV, at)
    local conditions = {}
    for number = 1, tonumber(ARGV[at]) do
        local first = at + 4 * number - 3
        conditions[number] = {
            kind = ARGV[first], field = ARGV[first + 1], folded = ARGV[first + 2], text = ARGV[first + 3],
        }
    end
    return conditions, at + 4 * #conditions + 1
end

-- Whether the texts of a hash meet all conditions, and how many bytes had to be read to tell. `is`: the field is the text, byte by byte. `has`: the text is a part
-- of the field in its folded form, which stands in a field of its own when it differs.
local function meets(key, conditions)
    local bytes = 0
    for _, condition in ipairs(conditions) do
        local found = redis.call('HMGET', key, condition.field, condition.folded)
        bytes = bytes + #(found[1] or '') + #(found[2] or '')
        if condition.kind == 'is' then
            if found[1] ~= condition.text then
                return false, bytes
            end
        elseif not string.find(found[2] or found[1] or '', condition.text, 1, true) then
            return false, bytes
        end
    end
    return true, bytes
end
