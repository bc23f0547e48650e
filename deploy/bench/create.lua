-- Requests of wrk: each creates a work; the bodies are the lines of the file that BODIES names.
local bodies = {}
for line in io.lines(os.getenv('BODIES')) do
    bodies[#bodies + 1] = line
end

local at = 0

function request()
    at = at % #bodies + 1
    return wrk.format('POST', nil, nil, bodies[at])
end
