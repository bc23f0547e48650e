"""Pages of ten by every filter combination, in every order, at the first, the middle and the last offset."""

import sys
from dataclasses import dataclass
from itertools import chain, combinations
from statistics import median
from urllib.parse import urlencode

from machine import say
from scene import Scene
from works import COMMON

ORDERS = ("created_at", "-created_at", "updated_at", "-updated_at")
PLACES = ("first", "middle", "last")
FILTERS = list(chain.from_iterable(combinations(COMMON, size) for size in range(len(COMMON) + 1)))
ITEMS = 10
PAGES_PER_SAMPLE = 5


@dataclass(frozen=True)
class PageKind:
    """Ten works by a filter combination, in an order, somewhere in the list."""

    filters: tuple[str, ...]
    order: str
    place: str

    def target(self, page: int) -> str:
        chosen = {name: COMMON[name] for name in self.filters}
        return "/api/v1/works?" + urlencode(chosen | {"order": self.order, "limit": ITEMS, "offset": page})

    def page(self, total: int, number: int) -> int:
        """Another page for each number (but the first), so that in a large store no cache holds its works already."""
        full = total // ITEMS
        return {"first": 0, "middle": (full // 2 + number) % full, "last": full - 1 - number % full}[self.place]


def measure_pages(scenes: list[Scene], times: int) -> dict[PageKind, list[float]]:
    """The median of Redis's microseconds for each kind of page, in each scene."""
    kinds = [PageKind(filters, order, place) for filters in FILTERS for order in ORDERS for place in PLACES]
    totals = {(scene, kind): total(scene, kind) for scene in scenes for kind in kinds}
    shares = scenes[0].clock.shares_sent(lambda: scenes[0].get(kinds[0].target(0)))
    samples: dict[PageKind, list[list[float]]] = {kind: [[] for _ in scenes] for kind in kinds}
    for repetition in range(times):
        say(f"pages, {repetition + 1} of {times}")
        for kind in kinds:
            for scene, measured in zip(scenes, samples[kind]):
                numbers = range(repetition * PAGES_PER_SAMPLE, (repetition + 1) * PAGES_PER_SAMPLE)
                targets = [kind.target(kind.page(totals[scene, kind], number)) for number in numbers]
                spent = scene.clock.microseconds(lambda: [demand_full(scene, target) for target in targets], shares)
                measured.append(spent / PAGES_PER_SAMPLE)
    return {kind: [median(measured) for measured in of_scenes] for kind, of_scenes in samples.items()}


def total(scene: Scene, kind: PageKind) -> int:
    return int(scene.get(kind.target(0)).headers["X-Total-Count"])


def demand_full(scene: Scene, target: str) -> None:
    found = scene.get(target).body.count(b'"work_id":')
    if found != ITEMS:
        sys.exit(f"{target} gave {found} works instead of {ITEMS}")
