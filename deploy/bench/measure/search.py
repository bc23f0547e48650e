"""`deploy/bench/search`: what searches and the filling of a store cost, in a small store and in a large one."""

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

from http_client import Client
from made_up import drafts, first, made_up
from machine import machine, say, versions
from processes import Stage
from redis_time import longest_command, reset_slow_log, slow_commands
from service import executable, import_file, start_worker, worksctl
from store import Store

MEDIAN_MS_MAX, P99_MS_MAX, RATIO_MAX = 5.0, 20.0, 3.0
COMMAND_MS_MAX = 10
KB_PER_WORK_MAX = 3.5
CREATES_MIN, IMPORTS_MIN = 3_000, 10_000
# The searches that the bounds above are for. The others show what they are not: of a common string of three characters
# and more, each match is looked at, up to the 10,000 that a total counts, and comma lists multiply the sets.
BOUNDED = {
    "two Chinese characters",
    "one Chinese character",
    "a rare string",
    "a string that is nowhere",
    "two characters of a user's",
}
CREATE_SCRIPT = Path(__file__).parents[1] / "create.lua"


def settings() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="search",
        description="Fills two stores with made-up works, asks a worker of each the same searches, and measures import "
        "and creation. Exits with 1 if a stated bound is missed.",
    )
    parser.add_argument("--works", type=int, default=1_000_000, help="in the large store (default 1000000)")
    parser.add_argument("--small", type=int, default=10_000, help="in the small store (default 10000)")
    parser.add_argument("--times", type=int, default=300, help="how often each search is asked (default 300)")
    parser.add_argument("--seconds", type=int, default=10, help="how long to create works by HTTP (default 10)")
    parser.add_argument("--fsync", default="everysec", choices=["always", "everysec", "no"], help="default everysec")
    parser.add_argument("--no-verify", action="store_true", help="skip the look at every work in the end")
    chosen = parser.parse_args()
    if chosen.small < 1000 or chosen.works < chosen.small or chosen.times < 100 or chosen.seconds < 1:
        parser.error("needs 1000 ≤ small ≤ works, each search a hundred times, and a second at the least")
    return chosen


class Longest:
    """The longest command since the log was reset, which it then is again."""

    def __init__(self, store: Store):
        self.milliseconds = longest_command(store)[0] / 1000
        self.over = slow_commands(store, COMMAND_MS_MAX)
        reset_slow_log(store)


class Scene:
    """A store of made-up works, and a worker in front of it."""

    def __init__(self, stage: Stage, name: str, count: int, core: int, fsync: str):
        self.count = count
        # The child that rewrites the append-only file would else compete for the same core.
        self.store = Store(stage, f"redis-{name}", core, appendfsync=fsync, aof_rewrite_cpulist="0")
        worksctl(self.store, "install")
        reset_slow_log(self.store)
        empty = self.used_memory()
        # Made before the clock starts: the import is to share the processor with Redis alone.
        archive = stage.directory / f"{name}.ndjson"
        with archive.open("wb") as lines:
            lines.writelines(made_up(count))
        began = time.monotonic()
        import_file(self.store, archive)
        self.import_rate = count / (time.monotonic() - began)
        archive.unlink()
        self.bytes_per_work = (self.used_memory() - empty) / count
        self.import_longest = Longest(self.store)
        self.store.process.await_that(self.store.is_settled, seconds=600)
        self.worker, self.port = start_worker(stage, f"worker-{name}", self.store.url, core=0, log="off")
        self.client = Client(self.port)
        say(f"{count} works at {self.import_rate:,.0f}/s, {self.bytes_per_work:,.0f} bytes each")

    def used_memory(self) -> int:
        return int(self.store.redis.info("memory")["used_memory"])

    def total(self, target: str) -> str:
        answer = self.client.send("GET", target)
        if answer.status != 200:
            sys.exit(f"{target} failed: {answer.body.decode()}")
        more = "+" if "X-Total-Count-Relation" in answer.headers else ""
        return answer.headers["X-Total-Count"] + more

    def milliseconds(self, target: str, times: int) -> list[float]:
        spent = []
        for _ in range(times):
            began = time.perf_counter()
            self.client.send("GET", target)
            spent.append((time.perf_counter() - began) * 1000)
        return spent


# --- Searching --------------------------------------------------------------------------------------------------------


def searches() -> dict[str, str]:
    """Made of works that both stores have."""
    works = first(1000)
    rare = next(work["description"] for work in works if "工单" in (work["description"] or "")).split("工单 ")[1]
    user = works[500]["user_id"]
    found = {
        "two Chinese characters": {"name": "订单"},
        "two Chinese characters in either text": {"name": "同步", "description": "写入"},
        "one Chinese character": {"name": "单"},
        "one letter": {"description": "k"},
        "a rare string": {"description": rare},
        "a common string of many characters": {"name": "用户画像"},
        "Latin letters in any case": {"description": "CLICKHOUSE"},
        "a string that is nowhere": {"name": "不存在的作业名"},
        "a nowhere of common pairs": {"name": "同步订单支付"},
        "two characters of a user's": {"name": "作业", "user_id": user},
        "a long string of a user's": {"description": "数据源", "user_id": user},
        "with a status and a frequency": {"name": "数据", "status": "3", "run_frequency": "daily"},
        "with comma lists": {"name": "数据", "status": "1,3,5", "run_frequency": "daily,weekly"},
        "in the trash": {"name": "订单", "deleted": "only"},
    }
    queries = {name: "&".join(f"{key}={quote(value)}" for key, value in pairs.items()) for name, pairs in found.items()}
    targets = {name: f"/api/v1/works/search?{query}" for name, query in queries.items()}
    exact = quote(works[700]["name"])
    return targets | {"list: exactly a name": f"/api/v1/works?name={exact}"}


def measure_searches(scenes: list[Scene], times: int) -> tuple[str, bool]:
    small, large = (f"{scene.count:,}" for scene in scenes)
    lines = [
        f"| ms at the client, {small} → {large} works | matches | median | p99 | ratio of medians | bounded |",
        "|---|--:|--:|--:|--:|---|",
    ]
    held = True
    for name, target in searches().items():
        say(name)
        totals = " → ".join(scene.total(target) for scene in scenes)
        spent = [scene.milliseconds(target, times) for scene in scenes]
        middle = [median(of_scene) for of_scene in spent]
        last = [quantiles(of_scene, n=100)[98] for of_scene in spent]
        ratio = middle[1] / middle[0]
        is_bounded = name in BOUNDED
        if is_bounded:
            held = held and middle[1] <= MEDIAN_MS_MAX and last[1] <= P99_MS_MAX and ratio <= RATIO_MAX
        say(f"{middle[1]:.2f} ms, {totals} matches")
        lines.append(
            f"| {name} | {totals} | {middle[0]:.2f} → {middle[1]:.2f} | {last[0]:.2f} → {last[1]:.2f} | {ratio:.1f} | "
            f"{'yes' if is_bounded else 'no'} |"
        )
    return "\n".join(lines), held


# --- Creating ---------------------------------------------------------------------------------------------------------


def create_rate(stage: Stage, scene: Scene, seconds: int) -> tuple[float, float]:
    """Works created per second through two workers, and what each costs Redis in microseconds of CPU."""
    _, second = start_worker(stage, "worker-second", scene.store.url, core=0, log="off")
    bodies = stage.directory / "bodies"
    bodies.write_text("".join(drafts(5000)))
    environment = os.environ | {"BODIES": str(bodies)}
    urls = [f"http://127.0.0.1:{port}/api/v1/works" for port in (scene.port, second)]
    command = ["wrk", "-t1", "-c64", f"-d{seconds}s", "-s", CREATE_SCRIPT]
    before, began = scene.store.process.cost(), time.monotonic()
    loads = [
        subprocess.Popen([*command, url], env=environment, stdout=subprocess.PIPE, text=True) for url in urls
    ]
    outputs = [load.communicate()[0] for load in loads]
    elapsed, spent = time.monotonic() - began, scene.store.process.cost() - before
    if any("Non-2xx" in output or "Socket errors" in output for output in outputs):
        sys.exit(f"not every work was created:\n{outputs}")
    created = sum(int(re.search(r"(\d+) requests in ", output)[1]) for output in outputs)
    return created / elapsed, spent / created / 1000


# --- Telling ----------------------------------------------------------------------------------------------------------


def bound(name: str, value: float, limit: float, is_least: bool, unit: str) -> tuple[str, bool]:
    """A line on a bound, and whether it held."""
    held = value >= limit if is_least else value <= limit
    word = "at least" if is_least else "at most"
    return f"- {name}: {value:,.1f} {unit} ({word} {limit:,g}): {'held' if held else 'MISSED'}.", held


def main() -> None:
    chosen = settings()
    # Redis has a core to itself, or its commands would take as long as whoever shares it.
    redis_core = min(1, (os.cpu_count() or 1) - 1)
    os.sched_setaffinity(0, {0})
    with Stage() as stage:
        sizes = (("small", chosen.small), ("large", chosen.works))
        scenes = [Scene(stage, name, count, redis_core, chosen.fsync) for name, count in sizes]
        table, searches_held = measure_searches(scenes, chosen.times)
        large = scenes[1]
        searched = Longest(large.store)
        rate, redis_cost = create_rate(stage, large, chosen.seconds)
        created = Longest(large.store)
        if not chosen.no_verify:
            say(f"verifying {large.count} works")
            worksctl(large.store, "verify")
        bounds = [
            *(
                bound(
                    f"Longest command of {what}, {longest.over} over {COMMAND_MS_MAX} ms",
                    longest.milliseconds,
                    COMMAND_MS_MAX,
                    False,
                    "ms",
                )
                for what, longest in {
                    "the searches": searched,
                    "the import": large.import_longest,
                    "creating": created,
                }.items()
            ),
            bound("Memory per work, tasks and all", large.bytes_per_work / 1000, KB_PER_WORK_MAX, False, "kB"),
            bound("Import, one worksctl", large.import_rate, IMPORTS_MIN, True, "works/s"),
            bound("Creation, two workers by HTTP", rate, CREATES_MIN, True, "works/s"),
        ]
        print(f"{table}\n")
        print(
            f"- Bounded searches: median at most {MEDIAN_MS_MAX:g} ms, p99 at most {P99_MS_MAX:g} ms, ratio at most "
            f"{RATIO_MAX:g}: {'held' if searches_held else 'MISSED, see the table'}."
        )
        for line, _ in bounds:
            print(line)
        print(f"- A creation costs Redis {redis_cost:.0f} µs of CPU.")
        if not chosen.no_verify:
            print("- `worksctl verify` finds no difference in the large store.")
        print(f"- Machine: {machine()}; versions: {versions(executable('works-worker'))}.")
        print(
            f"- Each search asked {chosen.times} times over one connection; appendfsync {chosen.fsync}; Redis on core "
            f"{redis_core}, all else on core 0."
        )
    sys.exit(not (searches_held and all(held for _, held in bounds)))


if __name__ == "__main__":
    main()
