"""`deploy/bench/scale`: what requests cost Redis in a small store and in a large one."""

import argparse
import os
import sys
from statistics import median

from machine import machine, say, versions
from other_requests import measure_requests
from pages import FILTERS, ITEMS, ORDERS, PAGES_PER_SAMPLE, PLACES, PageKind, measure_pages
from processes import Stage
from redis_time import longest_command
from scene import Scene
from service import executable, worksctl

RATIO_MAX = 2.0
COMMAND_MILLISECONDS_MAX = 10


def settings() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scale",
        description="Fills two stores, asks a worker of each for pages of ten by every filter combination, in every "
        "order, at the first, the middle and the last offset, and compares what Redis says it spent on each. "
        f"Exits with 1 if a page takes more than {RATIO_MAX:g} × as long in the large store, or a command more than "
        f"{COMMAND_MILLISECONDS_MAX} ms.",
    )
    parser.add_argument("--works", type=int, default=1_000_000, help="in the large store (default 1000000)")
    parser.add_argument("--small", type=int, default=1_000, help="in the small store (default 1000, at least 500)")
    parser.add_argument("--times", type=int, default=9, help="samples of each kind of request (default 9)")
    parser.add_argument("--no-verify", action="store_true", help="do not have worksctl verify both stores at the end")
    chosen = parser.parse_args()
    if chosen.small < 500 or chosen.works < chosen.small or chosen.times < 1:
        parser.error("needs 500 ≤ small ≤ works, and a page asked for at least once")
    return chosen


def page_table(found: dict[PageKind, list[float]], scenes: list[Scene]) -> str:
    """One line for each filter combination: medians over the orders, and the worst ratio of all orders and places."""
    small, large = (f"{scene.count:,}" for scene in scenes)
    lines = [
        f"| page of {ITEMS}: Redis µs at {small} → {large} works | first | middle | last | worst ratio |",
        "|---|--:|--:|--:|--:|",
    ]
    for filters in FILTERS:
        cells = []
        for place in PLACES:
            costs = zip(*(found[PageKind(filters, order, place)] for order in ORDERS))
            before, after = (median(costs_of_scene) for costs_of_scene in costs)
            cells.append(f"{before:.0f} → {after:.0f}")
        worst = max(after / before for kind, (before, after) in found.items() if kind.filters == filters)
        lines.append(f"| {', '.join(filters) or 'no filter'} | {' | '.join(cells)} | {worst:.2f} |")
    return "\n".join(lines)


def request_table(found: dict[str, list[float]], scenes: list[Scene]) -> str:
    small, large = (f"{scene.count:,}" for scene in scenes)
    lines = [f"| Redis µs for | at {small} works | at {large} works |", "|---|--:|--:|"]
    return "\n".join(lines + [f"| {name} | {before:.0f} | {after:.0f} |" for name, (before, after) in found.items()])


def longest(scene: Scene) -> tuple[int, str]:
    microseconds, words = longest_command(scene.store)
    if microseconds == 0:
        return 0, f"with {scene.count:,} works, none of 1 ms"
    return microseconds, f"with {scene.count:,} works, {microseconds / 1000:.1f} ms ({words})"


def latency_events(scene: Scene) -> str:
    events = scene.store.redis.ask("LATENCY", "LATEST")
    return ", ".join(f"{name.decode()} {worst} ms" for name, _, _, worst in events) or "none"


def main() -> None:
    chosen = settings()
    redis_core = min(1, (os.cpu_count() or 1) - 1)
    os.sched_setaffinity(0, {0})
    with Stage() as stage:
        sizes = (("small", chosen.small), ("large", chosen.works))
        scenes = [Scene(stage, name, count, redis_core) for name, count in sizes]
        pages = measure_pages(scenes, chosen.times)
        requests = measure_requests(scenes, chosen.times)
        worst = max(after / before for before, after in pages.values())
        slowest = max(longest(scene)[0] for scene in scenes)
        held = worst <= RATIO_MAX and slowest <= COMMAND_MILLISECONDS_MAX * 1000
        print(f"{page_table(pages, scenes)}\n\n{request_table(requests, scenes)}\n")
        print(f"- Worst ratio of a page: {worst:.2f} (at most {RATIO_MAX:g}).")
        print(
            f"- Longest command: {'; '.join(longest(scene)[1] for scene in scenes)} (at most "
            f"{COMMAND_MILLISECONDS_MAX} ms). Events of 10 ms and more: {', '.join(map(latency_events, scenes))}."
        )
        if not chosen.no_verify:
            for scene in scenes:
                say(f"verifying {scene.count} works")
                worksctl(scene.store, "verify")
            print("- `worksctl verify` finds no difference in either store.")
        print(f"- Machine: {machine()}; workers and their client on core 0, Redis on core {redis_core}.")
        print(f"- Versions: {versions(executable('works-worker'))}.")
        print(
            f"- Medians of {chosen.times} samples, of {PAGES_PER_SAMPLE} pages each, at another offset each time, by "
            "Redis's own count (INFO commandstats)."
        )
    sys.exit(not held)


if __name__ == "__main__":
    main()
