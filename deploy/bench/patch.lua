-- Requests of wrk: each gives a work another status; the ids are the lines of the file that IDS names.
local ids = {}
for line in io.lines(os.getenv('IDS')) do
    ids[#ids + 1] = line
end

-- Each thread of each wrk takes another way through them, so that no two patch the same work at the same time.
math.randomseed(tonumber(os.getenv('SEED')))
local at, status = math.random(#ids), math.random(8)

function request()
    at = at % #ids + 1
    if at == 1 then
        status = status + 1
    end
    return wrk.format('PATCH', '/api/v1/works/' .. ids[at], nil, '{"status":' .. (at + status) % 8 .. '}')
end
