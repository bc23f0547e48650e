"""`deploy/bench/compare`: the worker, the least its work can cost, and its closest peer, side by side."""

import argparse
import json
import os
import sys
from statistics import median
from urllib.parse import quote

import layout
from contenders import Contender, start_limit, start_ours, start_webdis
from http_client import Client
from machine import machine, say, versions
from processes import Stage
from service import executable, worksctl
from store import Store
from traffic import Load, Sample
from works import COMMON, works

# What is promised of a GET of one work, and of a worker at rest.
CPU_RATIO_MAX = 1.25
RATE_RATIO_MIN = 1.5
IDLE_MIB_MAX = 20

PAGE = f"/api/v1/works?limit=10&status={COMMON['status']}&run_frequency={COMMON['run_frequency']}"


def settings() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="compare",
        description="Measures GET of one work, and of a page of ten, on one core: the worker beside the smallest C "
        "program on the same libraries and webdis. The systems take turns, round by round. Exits with 1 if a worker "
        f"without log needs more than {CPU_RATIO_MAX:g} × the CPU of the C program per request, or serves less than "
        f"{RATE_RATIO_MIN:g} × the requests of webdis, or any worker holds more than {IDLE_MIB_MAX} MiB idle.",
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often each system is measured (default 3)")
    parser.add_argument("--seconds", type=int, default=5, help="how long each time (default 5)")
    parser.add_argument("--logs", default="off,json", help="WORKS_LOG, one worker each (default off,json)")
    parser.add_argument("--scenarios", default="one", help="one, page or both: one,page (default one)")
    parser.add_argument("--works", type=int, default=1000, help="works in the store (default 1000)")
    parser.add_argument("--connections", type=int, default=64, help="open at the same time (default 64)")
    parser.add_argument("--fsync", default="always", choices=["always", "everysec", "no"], help="default always")
    parser.add_argument("--redis-by", default="unix", choices=["unix", "tcp"], help="default unix")
    parser.add_argument("--cores", metavar="N,N,N", help="of server, Redis, wrk; default 0,1,1 on two, else 0,1,2")
    chosen = parser.parse_args()
    if min(chosen.rounds, chosen.seconds, chosen.works, chosen.connections) < 1:
        parser.error("numbers must be at least 1")
    chosen.logs = chosen.logs.split(",")
    if not set(chosen.logs) <= {"off", "json", "text"}:
        parser.error("--logs takes off, json and text")
    chosen.scenarios = chosen.scenarios.split(",")
    if not set(chosen.scenarios) <= {"one", "page"}:
        parser.error("--scenarios takes one and page")
    last = (os.cpu_count() or 1) - 1
    chosen.cores = [int(core) for core in (chosen.cores or f"0,{min(1, last)},{min(2, last)}").split(",")]
    if len(chosen.cores) != 3 or not all(0 <= core <= last for core in chosen.cores):
        parser.error(f"--cores takes three numbers from 0 to {last}")
    return chosen


# --- The store --------------------------------------------------------------------------------------------------------


def create_works(worker: Contender, count: int) -> str:
    """Creates works the way clients do; returns the id of the first."""
    client, first = Client(worker.port), None
    for work in works(count):
        answer = client.send("POST", "/api/v1/works", work.body())
        if answer.status != 200:
            sys.exit(f"a work was refused: {answer.body.decode()}")
        first = first or json.loads(answer.body)["data"]["work_id"]
    return first


# --- Measuring --------------------------------------------------------------------------------------------------------


def choose_targets(contenders: list[Contender], scenarios: list[str], id: str) -> None:
    for contender in contenders:
        if contender.name == "webdis":
            contender.targets = {"one": f"/HGETALL/{quote(layout.work_key(id))}"} if "one" in scenarios else {}
        else:
            targets = {"one": f"/api/v1/works/{id}", "page": PAGE}
            contender.targets = {scenario: targets[scenario] for scenario in scenarios}


def demand_same_answers(contenders: list[Contender], scenarios: list[str]) -> None:
    """Only equal work may be compared: the same body, and headers of the same names, from the workers and the limit."""
    peers = [contender for contender in contenders if contender.name != "webdis"]
    for scenario in scenarios:
        answers = [Client(peer.port).send("GET", peer.targets[scenario]) for peer in peers]
        for peer, answer in zip(peers, answers):
            names = [sorted(name.lower() for name in answer.headers) for answer in (answer, answers[0])]
            if answer.status != 200 or answer.body != answers[0].body or names[0] != names[1]:
                sys.exit(f"{peer.name} and {peers[0].name} answer differently:\n{answer}\n{answers[0]}")


def measure(contenders: list[Contender], store: Store, load: Load, rounds: int, seconds: int) -> None:
    """One second unmeasured for each, then the rounds; within a round the systems take turns."""
    turns = [(contender, scenario) for contender in contenders for scenario in contender.targets]
    for number in range(rounds + 1):
        for contender, scenario in turns:
            url = f"http://127.0.0.1:{contender.port}{contender.targets[scenario]}"
            sample = load.run(seconds if number else 1, url, contender.process, store.process)
            os.truncate(contender.process.log, 0)
            if number == 0:
                continue
            contender.samples.setdefault(scenario, []).append(sample)
            busy = f"; waited for its core {sample.waited:.0%} of the time" if sample.waited > 0.1 else ""
            say(
                f"round {number}/{rounds}: {contender.name}, {scenario}: "
                f"{sample.rate:.0f}/s, {sample.server:.1f} µs per request{busy}"
            )


# --- Telling ----------------------------------------------------------------------------------------------------------

TITLES = {"one": "GET of one work", "page": "GET of a page of ten by two filters"}


def medians(contenders: list[Contender], scenario: str) -> str:
    lines = [
        f"| {TITLES[scenario]} | requests/s | CPU µs/request | Redis CPU µs/request | MiB idle | MiB after |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for contender in contenders:
        if samples := contender.samples.get(scenario):
            rate, server, redis = (median(column) for column in zip(*((s.rate, s.server, s.redis) for s in samples)))
            memory = f"{contender.idle:.1f} | {contender.process.resident_mib():.1f}"
            lines.append(f"| {contender.name} | {rate:,.0f} | {server:.1f} | {redis:.1f} | {memory} |")
    return "\n".join(lines)


def cpu_ratio(pairs: list[tuple[Sample, Sample]]) -> float:
    return median(ours.server / theirs.server for ours, theirs in pairs)


def rate_ratio(pairs: list[tuple[Sample, Sample]]) -> float:
    return median(ours.rate / theirs.rate for ours, theirs in pairs)


def ratios(contenders: list[Contender], scenario: str) -> str:
    """Each ratio is the median over the rounds of the ratio within the round, so that slow drift cancels out."""
    by_name = {contender.name: contender.samples.get(scenario, []) for contender in contenders}
    subjects = [contender.name for contender in contenders if contender.is_ours] or ["C limit"]
    lines = []
    for subject in subjects:
        for other in "C limit", "webdis":
            pairs = list(zip(by_name[subject], by_name[other]))
            if pairs and subject != other:
                both = median((ours.server + ours.redis) / (theirs.server + theirs.redis) for ours, theirs in pairs)
                lines.append(
                    f"| {subject} ÷ {other} | {cpu_ratio(pairs):.2f} | {both:.2f} | {rate_ratio(pairs):.2f} |"
                )
    if not lines:
        return ""
    return "\n".join(["\n| ratio | CPU per request | CPU with Redis's | requests/s |", "|---|--:|--:|--:|", *lines, ""])


def bounds(contenders: list[Contender]) -> list[tuple[bool, str]]:
    """Each bound that was measured: whether it held, and what it says.

    The limit and webdis write no log, so it is the worker without one that is held against them.
    """
    found = []
    samples = {contender.name: contender.samples.get("one", []) for contender in contenders}
    quiet = samples.get("worker, log off", [])
    if pairs := list(zip(quiet, samples["C limit"])):
        ratio = cpu_ratio(pairs)
        text = f"CPU per request {ratio:.2f} × the C limit's (at most {CPU_RATIO_MAX:g})"
        found.append((ratio <= CPU_RATIO_MAX, text))
    if pairs := list(zip(quiet, samples["webdis"])):
        ratio = rate_ratio(pairs)
        text = f"requests/s {ratio:.2f} × webdis's (at least {RATE_RATIO_MIN:g})"
        found.append((ratio >= RATE_RATIO_MIN, text))
    for worker in (contender for contender in contenders if contender.is_ours):
        text = f"{worker.name}: {worker.idle:.1f} MiB idle (at most {IDLE_MIB_MAX})"
        found.append((worker.idle <= IDLE_MIB_MAX, text))
    return found


def circumstances(chosen: argparse.Namespace, store: Store) -> str:
    server, redis, wrk = chosen.cores
    return "\n".join(
        [
            f"- Machine: {machine()}; servers on core {server}, Redis on core {redis}, wrk on core {wrk}.",
            f"- Versions: {versions(executable('works-worker'))}.",
            f"- Medians of {chosen.rounds} rounds of {chosen.seconds} s, the systems taking turns; `wrk -t1 "
            f"-c{chosen.connections}`, kept-alive, loopback TCP; {chosen.works} works.",
            f"- Redis by {'unix socket' if chosen.redis_by == 'unix' else 'loopback TCP'}, "
            f"appendfsync {store.setting('appendfsync')}; json logs go to a file; the limit and webdis write none.",
        ]
    )


def main() -> None:
    chosen = settings()
    server, redis, wrk = chosen.cores
    with Stage() as stage:
        store = Store(stage, "redis", redis, appendfsync=chosen.fsync)
        worksctl(store, "install")
        workers = [start_ours(stage, store, server, chosen.redis_by, log) for log in chosen.logs]
        starters = (start_limit, start_webdis)
        contenders = workers + [start(stage, store, server, chosen.redis_by) for start in starters]
        say(f"creating {chosen.works} works")
        id = create_works(workers[0], chosen.works)
        choose_targets(contenders, chosen.scenarios, id)
        demand_same_answers(contenders, chosen.scenarios)
        measure(contenders, store, Load(wrk, chosen.connections), chosen.rounds, chosen.seconds)
        for scenario in chosen.scenarios:
            print(f"{medians(contenders, scenario)}\n{ratios(contenders, scenario)}")
        found = bounds(contenders)
        for held, text in found:
            print(f"- {'Held' if held else 'MISSED'}: {text}.")
        print(circumstances(chosen, store))
    sys.exit(not all(held for held, _ in found))


if __name__ == "__main__":
    main()
