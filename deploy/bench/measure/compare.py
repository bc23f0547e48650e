"""`deploy/bench/compare`: the workers, the least their work can cost, and what else one could take, side by side."""

import argparse
import json
import os
import re
import subprocess
import sys
from statistics import median

import bounds
import layout
import report
from contenders import (
    Contender,
    start_limit,
    start_nginx_alone,
    start_ours,
    start_ours_behind_nginx,
    start_webdis,
)
from http_client import Client
from made_up import drafts, made_up
from machine import machine, say, versions
from processes import Stage
from request_kinds import FILTERS, NAMES, Kind, kinds
from service import executable, import_file, milliseconds_to_ready, worksctl
from store import Store
from traffic import Load, Pace

OPEN_LOOP_KINDS = ("one", "filtered")
OPEN_LOOP_SHARE = 0.6
STARTS = 9


def settings() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="compare",
        description="Fills a store with made-up works and measures one worker and two, direct and behind nginx, beside "
        "the smallest C program on the same libraries, webdis, nginx alone and redis-benchmark. The systems take "
        "turns, round by round. Prints Markdown tables of medians and ratios; exits with 1 if a stated bound is missed.",
    )
    parser.add_argument("--works", type=int, default=1_000_000, help="in the store (default 1000000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each system is measured (default 3)")
    parser.add_argument("--seconds", type=int, default=4, help="how long each time (default 4)")
    parser.add_argument("--connections", type=int, default=64, help="open at the same time (default 64)")
    parser.add_argument("--kinds", default=",".join(NAMES), help=f"of requests (default {','.join(NAMES)})")
    parser.add_argument("--fsync", default="everysec", choices=["always", "everysec", "no"], help="default everysec")
    chosen = parser.parse_args()
    if min(chosen.rounds, chosen.seconds) < 1 or chosen.works < 1000 or chosen.connections < 2:
        parser.error("needs 1000 works, a round, a second and two connections at the least")
    chosen.kinds = tuple(chosen.kinds.split(","))
    if not set(chosen.kinds) <= set(NAMES):
        parser.error(f"--kinds takes {', '.join(NAMES)}")
    return chosen


class Cores:
    """Who runs where: servers, Redis and load apart as far as there are cores; nginx beside the servers."""

    def __init__(self):
        last = (os.cpu_count() or 1) - 1
        self.servers, self.redis, self.load = [0, min(3, last)] if last >= 3 else [0, 0], min(1, last), min(2, last)

    @property
    def are_apart(self) -> bool:
        return self.servers[0] != self.servers[1]

    def load_of(self, kind: Kind) -> int:
        """Writes are bound by Redis, which then does not share its core."""
        return self.servers[0] if kind.is_write and self.load == self.redis else self.load


# --- The store --------------------------------------------------------------------------------------------------------


def fill(stage: Stage, store: Store, count: int) -> list[str]:
    """Returns the ids of some of the works."""
    say(f"filling the store with {count:,} works")
    archive, ids = stage.directory / "works.ndjson", []
    with archive.open("wb") as lines:
        for line in made_up(count):
            lines.write(line)
            # Those in the trash cannot be patched.
            if len(ids) < 100_000 and b'"deleted_at":null' in line:
                ids.append(json.loads(line)["work_id"])
    import_file(store, archive)
    archive.unlink()
    store.process.await_that(store.is_settled, seconds=600)
    return ids


def files(stage: Stage, ids: list[str]) -> dict[str, str]:
    """What wrk's scripts read."""
    found = {"IDS": stage.directory / "ids", "BODIES": stage.directory / "bodies"}
    found["IDS"].write_text("".join(f"{id}\n" for id in ids))
    found["BODIES"].write_text("".join(drafts(5000)))
    return {name: str(path) for name, path in found.items()}


# --- Measuring --------------------------------------------------------------------------------------------------------


def demand_same_answers(contenders: list[Contender], known: dict[str, Kind]) -> int:
    """Only equal work may be compared: the same body, and headers of the same names, from a worker and the limit.

    Returns the size of the body of one work.
    """
    ours, limit = contenders[0], next(contender for contender in contenders if contender.name == "C limit")
    for name in limit.kinds:
        answers = [Client(system.ports[0]).send("GET", known[name].target) for system in (ours, limit)]
        bodies = [answer.body if answer.status == 200 else None for answer in answers]
        headers = [sorted(header.lower() for header in answer.headers) for answer in answers]
        if bodies[0] is None or bodies[0] != bodies[1] or headers[0] != headers[1]:
            sys.exit(f"{ours.name} and {limit.name} answer differently:\n{answers[0]}\n{answers[1]}")
    return len(Client(ours.ports[0]).send("GET", known["one"].target).body)


def measure(contenders: list[Contender], chosen: list[Kind], loads, store: Store, rounds: int, seconds: int) -> None:
    """A second unmeasured for each, then the rounds; within a round the systems take turns."""
    for kind in chosen:
        for number in range(rounds + 1):
            for contender in contenders:
                if kind.name not in contender.kinds:
                    continue
                sample = loads(kind).run(seconds if number else 1, contender, kind, store.process)
                if number == 0:
                    continue
                contender.samples.setdefault(kind.name, []).append(sample)
                say(f"{kind.title}, round {number} of {rounds}: {contender.name} {sample.rate:,.0f}/s")


def redis_alone(store: Store, work_id: str, connections: int, core: int) -> tuple[float, float]:
    """What redis-benchmark gets out of the same read: per second, and what it costs Redis."""
    count = 400_000
    command = ["redis-benchmark", "-s", store.path, "-c", connections, "-n", count, "--csv", "HGETALL"]
    before = store.process.cost()
    output = subprocess.run(
        ["taskset", "--cpu-list", str(core), *map(str, command), layout.work_key(work_id)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    spent = store.process.cost() - before
    return float(re.findall(r'^"HGETALL[^"]*","([\d.]+)"', output, re.M)[0]), spent / count / 1000


def open_loop(
    contenders: list[Contender], known: dict[str, Kind], names: list[str], pace: Pace, rounds: int, seconds: int
) -> dict[str, tuple[float, dict[str, list[float]]]]:
    """By kind: the rate, and for a worker and the limit the medians of p50 and p99 in milliseconds."""
    found = {}
    systems = [contender for contender in contenders if contender.name in ("1 worker", "C limit")]
    for name in names:
        rate = OPEN_LOOP_SHARE * median(sample.rate for sample in systems[0].samples[name])
        spent: dict[str, list[tuple[float, float]]] = {system.name: [] for system in systems}
        for number in range(rounds):
            for system in systems:
                spent[system.name].append(pace.milliseconds(rate, seconds, system.ports[0], known[name].target))
                say(
                    f"{known[name].title} at {rate:,.0f}/s, round {number + 1} of {rounds}: {system.name} "
                    f"p99 {spent[system.name][-1][1]:.2f} ms"
                )
        found[name] = rate, {system: [median(column) for column in zip(*all)] for system, all in spent.items()}
    return found


def main() -> None:
    chosen = settings()
    cores = Cores()
    with Stage() as stage:
        # The child that rewrites the append-only file would else compete with Redis for its core.
        store = Store(stage, "redis", cores.redis, appendfsync=chosen.fsync, aof_rewrite_cpulist=str(cores.servers[0]))
        worksctl(store, "install")
        ids = fill(stage, store, chosen.works)
        ours = [
            start_ours(stage, store, cores.servers[:1], NAMES),
            start_ours(stage, store, cores.servers, NAMES),
            start_ours_behind_nginx(stage, store, cores.servers[:1], cores.servers[0], NAMES),
            start_ours_behind_nginx(stage, store, cores.servers, cores.servers[0], NAMES),
        ]
        query = "&".join(f"{name}={value}" for name, value in FILTERS.items())
        answer = Client(ours[0].ports[0]).send("GET", f"/api/v1/works?limit=0&{query}")
        known = kinds(ids[0], int(answer.headers["X-Total-Count"]))
        contenders = ours + [start_limit(stage, store, cores.servers[0])]
        size = demand_same_answers(contenders, known)
        contenders.append(start_webdis(stage, store, cores.servers[0], ids[0]))
        contenders.append(start_nginx_alone(stage, cores.servers[0], size))
        ready = median(milliseconds_to_ready(stage, store.url, cores.servers[0]) for _ in range(STARTS))

        read = files(stage, ids)
        loads = {core: Load(core, chosen.connections, read) for core in range(os.cpu_count() or 1)}
        asked = [known[name] for name in NAMES if name in chosen.kinds]
        measure(
            contenders, asked, lambda kind: loads[cores.load_of(kind)], store, chosen.rounds, chosen.seconds
        )
        alone = redis_alone(store, ids[0], chosen.connections, cores.servers[0])
        timed = [name for name in OPEN_LOOP_KINDS if name in chosen.kinds]
        pace = Pace(stage, cores.load, chosen.connections)
        paced = open_loop(contenders, known, timed, pace, chosen.rounds, chosen.seconds)

        for kind in asked:
            print(report.requests_table(kind, contenders))
        print(report.redis_line(*alone))
        print(report.open_loop_table(paced, known))
        print(report.memory_table(contenders, ready))
        found = bounds.of(contenders, paced, ready, cores.are_apart)
        for held, text in found:
            print(f"- {report.verdict(held)}: {text}.")
        print(
            f"- Machine: {machine()}; servers and nginx on core {cores.servers[0]}"
            + (f", the second worker on core {cores.servers[1]}" if cores.are_apart else "")
            + f", Redis on core {cores.redis}, load on core {cores.load}, of writes on core "
            f"{cores.load_of(known['create'])}."
        )
        print(f"- Versions: {versions(executable('works-worker'))}.")
        print(
            f"- {chosen.works:,} works; medians of {chosen.rounds} rounds of {chosen.seconds} s, the systems taking "
            f"turns; wrk and pace with {chosen.connections} kept-alive connections by loopback TCP; Redis by unix socket, "
            f"appendfsync {store.setting('appendfsync')}; no access logs."
        )
    sys.exit(not all(held is not False for held, _ in found))


if __name__ == "__main__":
    main()
