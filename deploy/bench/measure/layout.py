"""Writes works into Redis exactly as the service keeps them, thousands at a time.

`Sources/Store/Keys.swift` explains the layout; here it stands in `keys_and_scores` and `hash_of`. `worksctl verify`
finds no difference between what this writes and what the workers write, and `scale` asks it.
"""

import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import islice, product
from pathlib import Path

from store import encoded
from works import Work

PARTITION = "{0}:"
WORKS_AT_ONCE = 20_000


def work_key(id: str) -> str:
    return f"{PARTITION}w:{id}"


def index_key(order: str, user: str | None = None, status: int | None = None, frequency: str | None = None) -> str:
    """The sorted set of a filter combination; `order` is `c` for created or `u` for updated."""
    parts = [(":u=", user), (":s=", status), (":f=", frequency)]
    return f"{PARTITION}{order}" + ("".join(f"{name}{value}" for name, value in parts if value is not None) or ":")


@cache
def index_keys(order: str, user: str, status: int, frequency: str) -> tuple[bytes, ...]:
    """The sorted sets of one order that a live work is in: one for each subset of its three filters."""
    choices = product((user, None), (status, None), (frequency, None))
    return tuple(index_key(order, *choice).encode() for choice in choices)


def keys_and_scores(work: Work) -> Iterable[tuple[bytes, int]]:
    for order, time in ("c", work.created), ("u", work.updated):
        for key in index_keys(order, work.user, work.status, work.frequency):
            yield key, time // 1000


def hash_of(work: Work, sequence: int) -> dict[str, object]:
    times = {"created_at": work.created, "updated_at": work.updated}
    return work.fields | {"status": work.status} | times | {"version": 1, "seq": sequence}


def commands(works: Iterable[Work]) -> Iterable[bytes]:
    """Blocks of commands: the hashes of a few thousand works, then one ZADD for each index they are in."""
    sequence, works = 0, iter(works)
    while block := list(islice(works, WORKS_AT_ONCE)):
        output, members = [], defaultdict(list)
        for work in block:
            sequence += 1
            words = ["HSET", work_key(work.id)]
            for name, value in hash_of(work, sequence).items():
                words += (name, str(value))
            output.append(encoded([word.encode() for word in words]))
            id = work.id.encode()
            for key, score in keys_and_scores(work):
                members[key] += (b"%d" % score, id)
        output += (encoded([b"ZADD", key, *pairs]) for key, pairs in members.items())
        yield b"".join(output)
    yield encoded([b"SET", f"{PARTITION}seq".encode(), b"%d" % sequence])


def fill(socket: Path, works: Iterable[Work]) -> None:
    """Writes works into an empty store; ends the measurement if Redis refuses a single command."""
    pipe = subprocess.Popen(["redis-cli", "-s", socket, "--pipe"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for block in commands(works):
        pipe.stdin.write(block)
    output = pipe.communicate()[0].decode()
    if pipe.returncode != 0 or "errors: 0," not in output:
        sys.exit(f"the store could not be filled:\n{output}")
