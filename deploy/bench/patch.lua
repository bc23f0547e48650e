-- Requests of wrk: each gives a work another status than it has; the ids are the lines of the file that IDS names.
local ids = {}
for line in io.lines(os.getenv('IDS')) do
    ids[#ids + 1] = line
end

-- The wrks of a run begin far apart, so that they hardly ever patch the same work at the same time; each run, and each
-- pass through the ids, has other statuses than the one before.
local at = math.floor(#ids * tonumber(os.getenv('PART')) / tonumber(os.getenv('PARTS')))
local pass = tonumber(os.getenv('RUN'))

function request()
    at = at + 1
    if at > #ids then
        at, pass = 1, pass + 1
    end
    return wrk.format('PATCH', '/api/v1/works/' .. ids[at], nil, '{"status":' .. (at + pass) % 8 .. '}')
end
