-- luacheck: read globals shared

-- commit: applies a change completely or not at all.
--
-- KEYS   every key that is checked or written, then the marker of the store
-- Query  marker   what the marker must be, see shared.has_marker
--        nowhere  a key that never exists
--        steps    the steps, one after another in one flat array: a word, the number of a key in KEYS, and arguments.
--                 N, LAST and the key number are numbers (N of `size` is text), everything else is text. The
--                 checks:
--          absent k                   the key does not exist
--          present k                  the key exists
--          size   k N                 the sorted set has N members
--          field  k FIELD VALUE       the field of the hash has this value; `` for a field that does not exist
--          has    k FIELD             the hash has this field
--          lacks  k FIELD             the hash does not have this field
--        and the writes, all executed after all checks:
--          hset  k N FIELD VALUE …    set fields of a hash (N counts fields and values)
--          hdel  k N FIELD …          remove N fields of a hash
--          zadd  k LAST N SCORE MEMBER …  add members to each sorted set from the k-th to the LAST-th key (N counts
--                                         scores and members)
--          zrem  k LAST N MEMBER …        remove N members from each of them
--          sadd  k LAST N MEMBER …        add N members to each set from the k-th to the LAST-th key
--          srem  k LAST N MEMBER …        remove N members from each of them
--          del   k                    remove the key
--          delif k FIELD VALUE        remove the hash if this field has this value
--          expire k SECONDS           let the key expire
-- Reply  `done`, or the word and the key number of the first check that failed, e.g. `field 1`; `marker` if the marker
--        is another one
--
-- Redis does not roll back, so every check precedes the first write; so do the checks of every written key's type, and
-- of the user's right to every command that writes.

local read_step = shared.read_step

-- Most keys of one call: Lua's stack has room for some thousands of arguments.
local RUN_MAX = 4000

-- Throws an error reply if a key of a run has the wrong type. SINTERCARD checks the type of each key, but reads no
-- member because one of the keys does not exist. A work is in a hundred sets; a TYPE for each would cost as much as the
-- change. ZDIFF does the same for sorted sets; it accepts a set, too, but no key name belongs to both.
local function demand_run(command, keys, run, nowhere)
    for start = run.first, run.last, RUN_MAX do
        local stop = math.min(run.last, start + RUN_MAX - 1)
        redis.call(command, stop - start + 2, nowhere, unpack(keys, start, stop))
    end
end

local function demand_type(key, wanted)
    local actual = redis.call('TYPE', key).ok
    if actual ~= wanted and actual ~= 'none' then
        error({ err = 'WRONGTYPE ' .. key .. ' is not a ' .. wanted })
    end
end

-- Throws an error reply if the user may not run a command. `known` are the commands that it may run.
local function demand_right(command, key, known)
    if not known[command] then
        if not redis.acl_check_cmd(command, key) then
            error({ err = 'NOPERM this user may not run ' .. command .. ' on ' .. key })
        end
        known[command] = true
    end
end

-- Notes a run of keys whose types must still be checked by `command`: consecutive runs are checked together.
local function note_run(runs, command, keys, first, last, nowhere)
    local run = runs[command]
    if run and first == run.last + 1 then
        run.last = last
        return
    end
    if run then
        demand_run(command, keys, run, nowhere)
    end
    runs[command] = { first = first, last = last }
end

-- Makes all checks. Returns the word and the key number of the first that fails. Throws an error reply if a key does
-- not have the type that a write needs, or if the user may not write.
local function check_all(keys, steps, nowhere)
    -- `fit`: the numbers of the keys known to be hashes or absent.
    local fit, runs, allowed = {}, {}, {}
    local at = 1
    while at <= #steps do
        local word, kind, number, last_number, first, last = read_step(keys, steps, at)
        if kind.check then
            if not kind.check(keys[number], steps[first], steps[first + 1]) then
                return word, number
            end
            fit[number] = fit[number] or kind.is_hash_check
        elseif kind.run_check then
            note_run(runs, kind.run_check, keys, number, last_number, nowhere)
        elseif kind.type and not fit[number] then
            demand_type(keys[number], kind.type)
            fit[number] = true
        end
        if kind.command then
            demand_right(kind.command, keys[number], allowed)
        end
        if kind.run_if then
            demand_right('HGET', keys[number], allowed)
        end
        at = last + 1
    end
    for command, run in pairs(runs) do
        demand_run(command, keys, run, nowhere)
    end
end

-- Runs a command with the same arguments on each key of a run.
local function write(command, keys, key, last_key, steps, first, last)
    local call = redis.call
    if last == first then
        local member = steps[first]
        for number = key, last_key do
            call(command, keys[number], member)
        end
    elseif last == first + 1 then
        local score, member = steps[first], steps[last]
        for number = key, last_key do
            call(command, keys[number], score, member)
        end
    else
        for number = key, last_key do
            call(command, keys[number], unpack(steps, first, last))
        end
    end
end

local function write_all(keys, steps)
    local at = 1
    while at <= #steps do
        local _, kind, key, last_key, first, last = read_step(keys, steps, at)
        if kind.run_if then
            if kind.run_if(keys[key], steps[first], steps[first + 1]) then
                redis.call(kind.command, keys[key])
            end
        elseif kind.command then
            write(kind.command, keys, key, last_key, steps, first, last)
        end
        at = last + 1
    end
end

local function commit(keys, query)
    if not shared.has_marker(keys[#keys], query.marker) then
        return 'marker'
    end
    local word, number = check_all(keys, query.steps, query.nowhere)
    if word then
        return word .. ' ' .. number
    end
    write_all(keys, query.steps)
    return 'done'
end

local fields = { marker = 'table', steps = 'table', nowhere = 'string' }
shared.register('commit', {}, fields, commit)

-- The same for changes that only free memory: Redis runs it even when its memory is full.
shared.register('free', { 'allow-oom' }, fields, commit)
