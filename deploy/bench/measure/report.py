"""Markdown tables of what `compare` has found."""

from statistics import median

from contenders import Contender
from request_kinds import Kind


def requests_table(kind: Kind, contenders: list[Contender]) -> str:
    """Ratios are to the C limit where it can answer this, else to one worker: medians of those within a round."""
    with_samples = [contender for contender in contenders if kind.name in contender.samples]
    if not with_samples:
        return ""
    limit = next((contender for contender in with_samples if contender.name == "C limit"), with_samples[0])
    lines = [
        f"| {kind.title} | requests/s | CPU µs: server | nginx | Redis | server ÷ {limit.name} | with Redis | "
        "requests/s |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for contender in with_samples:
        samples = contender.samples[kind.name]
        pairs = list(zip(samples, limit.samples[kind.name]))
        nginx = f"{median(sample.nginx for sample in samples):.1f}" if contender.nginx else ""
        lines.append(
            f"| {contender.name} | {median(sample.rate for sample in samples):,.0f} | "
            f"{median(sample.server for sample in samples):.1f} | {nginx} | "
            f"{median(sample.redis for sample in samples):.1f} | "
            f"{median(mine.server / its.server for mine, its in pairs):.2f} | "
            f"{median(mine.cost / its.cost for mine, its in pairs):.2f} | "
            f"{median(mine.rate / its.rate for mine, its in pairs):.2f} |"
        )
    return "\n".join(lines) + "\n"


def redis_line(rate: float, cost: float) -> str:
    return f"Redis alone, the same read by redis-benchmark: {rate:,.0f}/s, {cost:.1f} µs of Redis's CPU each.\n"


def open_loop_table(paced: dict, known: dict[str, Kind]) -> str:
    if not paced:
        return ""
    lines = ["| at a fixed rate | requests/s | system | p50 ms | p99 ms |", "|---|--:|---|--:|--:|"]
    for name, (rate, systems) in paced.items():
        for system, (middle, last) in systems.items():
            lines.append(f"| {known[name].title} | {rate:,.0f} | {system} | {middle:.2f} | {last:.2f} |")
    return "\n".join(lines) + "\n"


def memory_table(contenders: list[Contender], ready: float) -> str:
    lines = ["| resident MiB of a server | idle | after |", "|---|--:|--:|"]
    for contender in contenders:
        after = max(server.resident_mib() for server in contender.servers)
        lines.append(f"| {contender.name} | {contender.idle:.1f} | {after:.1f} |")
    return "\n".join(lines) + f"\n\nA worker is ready {ready:.0f} ms after its start.\n"


def verdict(held: bool | None) -> str:
    return {True: "Held", False: "MISSED", None: "Not measured"}[held]
