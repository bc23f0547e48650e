"""What is promised of speed and size, held against what `compare` has found."""

from statistics import median

from contenders import Contender

GET_CPU_RATIO_MAX = 1.1
GET_RATE_RATIO_MIN = 1.8
PAGE_CPU_RATIO_MAX = 1.1
CREATES_MIN, CREATE_REDIS_MICROSECONDS_MAX = 4_000, 250
PATCHES_MIN = 8_000
SECOND_WORKER_MIN = 1.6
LATENCY_RATIO_MAX = 1.25
IDLE_MIB_MAX, READY_MILLISECONDS_MAX = 15, 50

Verdict = tuple[bool | None, str]


def of(contenders: list[Contender], paced: dict, ready: float, are_apart: bool) -> list[Verdict]:
    """Each bound that was measured: whether it held, and what it says; None for one that this machine cannot tell."""
    by_name = {contender.name: contender for contender in contenders}
    one, two = by_name["1 worker"], by_name["2 workers"]
    limit = by_name["C limit"]
    found: list[Verdict] = []

    def at_most(value: float, bound: float, text: str) -> None:
        found.append((value <= bound, f"{text} (at most {bound:g})"))

    def at_least(value: float, bound: float, text: str) -> None:
        found.append((value >= bound, f"{text} (at least {bound:,g})"))

    if "one" in one.samples:
        ratio = ratios(one, limit, "one", lambda sample: sample.server)
        at_most(ratio, GET_CPU_RATIO_MAX, f"GET of one work: CPU of a worker {ratio:.2f} × the C limit's")
        ratio = ratios(one, by_name["webdis"], "one", lambda sample: sample.rate)
        at_least(ratio, GET_RATE_RATIO_MIN, f"GET of one work: requests/s {ratio:.2f} × webdis's")
        behind = by_name["1 worker behind nginx"].samples["one"]
        ours, its = (median(getattr(sample, part) for sample in behind) for part in ("server", "nginx"))
        found.append((ours < its, f"behind nginx, a worker's CPU is less than nginx's own: {ours:.1f} and {its:.1f} µs"))
        ratio = ratios(two, one, "one", lambda sample: sample.rate)
        text = f"two workers serve {ratio:.2f} × the requests of one"
        if are_apart:
            at_least(ratio, SECOND_WORKER_MIN, text)
        else:
            found.append((None, f"{text}; they share a core, for with fewer than four there is none free"))
    for name, text in (("filtered", "a page by two filters"), ("deep", "a deep page")):
        if name in one.samples:
            ratio = ratios(one, limit, name, lambda sample: sample.cost)
            at_most(ratio, PAGE_CPU_RATIO_MAX, f"{text}: CPU of worker and Redis {ratio:.2f} × the C limit's")
    if "create" in two.samples:
        rate, redis = (median(getattr(sample, part) for sample in two.samples["create"]) for part in ("rate", "redis"))
        at_least(rate, CREATES_MIN, f"two workers create {rate:,.0f}/s")
        at_most(redis, CREATE_REDIS_MICROSECONDS_MAX, f"a creation costs Redis {redis:.0f} µs")
    if "patch" in two.samples:
        rate = median(sample.rate for sample in two.samples["patch"])
        at_least(rate, PATCHES_MIN, f"two workers patch {rate:,.0f}/s")
    for name, (_, systems) in paced.items():
        for place, percentile in enumerate(("p50", "p99")):
            ratio = systems["1 worker"][place] / systems["C limit"][place]
            at_most(ratio, LATENCY_RATIO_MAX, f"{name} at a fixed rate: {percentile} {ratio:.2f} × the C limit's")
    at_most(one.idle, IDLE_MIB_MAX, f"an idle worker holds {one.idle:.1f} MiB")
    at_most(ready, READY_MILLISECONDS_MAX, f"a worker is ready after {ready:.0f} ms")
    return found


def ratios(ours: Contender, its: Contender, kind: str, value) -> float:
    """The median of the ratios within each round, so that slow drift cancels out."""
    return median(value(mine) / value(other) for mine, other in zip(ours.samples[kind], its.samples[kind]))
