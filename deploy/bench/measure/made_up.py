"""Works as `worksctl generate` makes them up."""

import json
import subprocess
from collections.abc import Iterator

from service import executable


def made_up(count: int) -> Iterator[bytes]:
    """The same works in every store: the lines of `worksctl generate`."""
    generator = subprocess.Popen(
        [executable("worksctl"), "generate", "--count", str(count), "--seed", "1"], stdout=subprocess.PIPE
    )
    yield from generator.stdout
    generator.wait()


def first(count: int) -> list[dict]:
    lines = made_up(count)
    return [json.loads(next(lines)) for _ in range(count)]


def drafts(count: int) -> list[str]:
    """What clients send to create made-up works, a line each."""
    lines = []
    for work in first(count):
        for name in "work_id", "version", "tasks":
            del work[name]
        work["description"] = work["description"] or ""
        lines.append(json.dumps({name: value for name, value in work.items() if value is not None}) + "\n")
    return lines
