"""Compiles every pattern of an OpenAPI document under RE2, as clients in Go do, and under Python's `re`."""

import json
import re
import sys
from collections.abc import Iterator

import re2


def patterns(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("pattern"), str):
            yield value["pattern"]
        for member in value.values():
            yield from patterns(member)
    elif isinstance(value, list):
        for item in value:
            yield from patterns(item)


def fault(engine, pattern: str) -> str | None:
    try:
        engine.compile(pattern)
    except engine.error as error:
        return f"{engine.__name__} refuses the pattern {ascii(pattern)}: {error}"


with open(sys.argv[1]) as file:
    found = set(patterns(json.load(file)))
faults = [text for pattern in sorted(found) for engine in (re, re2) if (text := fault(engine, pattern))]
if faults or not found:
    sys.exit("\n".join(faults) or "the document has no patterns")
