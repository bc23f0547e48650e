"""Works as users have them, the same ones in each run."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

STATUSES = range(8)
FREQUENCIES = ("once", "hourly", "daily", "weekly")
SINCE, UNTIL = 1_640_995_200_000, 1_704_067_200_000  # 2022 and 2023


@dataclass
class Work:
    """A work in the words of the API; times are milliseconds since 1970."""

    id: str
    fields: dict[str, str]  # what a client sends; `extra_params` as the JSON array that goes out
    status: int
    created: int
    updated: int

    @property
    def user(self) -> str:
        return self.fields["user_id"]

    @property
    def frequency(self) -> str:
        return self.fields["run_frequency"]

    def line(self) -> bytes:
        """Its line in an archive."""
        return b'{"work_id":"%s",%s\n' % (self.id.encode(), self.body()[1:])

    def body(self) -> bytes:
        """What a client sends to create it."""
        parsed = {"status": self.status, "extra_params": json.loads(self.fields["extra_params"])}
        times = {"created_at": iso8601(self.created), "updated_at": iso8601(self.updated)}
        return json.dumps(self.fields | parsed | times).encode()


# Half of the works share each of these, independently: an eighth of a thousand still fills every combination's page.
COMMON = {"user_id": "u0", "status": "1", "run_frequency": "hourly"}


def works(count: int, seed: int = 1) -> Iterator[Work]:
    """The first `count` works of an endless list."""
    dice = random.Random(seed)
    for number in range(count):
        coins = dice.getrandbits(3)
        user = COMMON["user_id"] if coins & 1 else f"u{dice.randrange(1, 1000)}"
        status = 1 if coins & 2 else STATUSES[dice.getrandbits(3)]
        frequency = COMMON["run_frequency"] if coins & 4 else FREQUENCIES[dice.getrandbits(2)]
        created = SINCE + int(dice.random() * (UNTIL - SINCE))
        fields = {
            "user_id": user,
            "name": f"作业 {number}",
            "description": f"一个测试作业, number {number}",
            "type": "BATCH",
            "category": "FLINK_JAR",
            "work_directory": f"/{user}/{number}",
            "main_class_name": "com.example.flink.Main",
            "extra_params": '["-Doptions=fdfdf","--parallelism=4"]',
            "java_version": "8",
            "run_frequency": frequency,
        }
        updated = created + int(dice.random() * 1_000_000_000)
        yield Work(f"{dice.getrandbits(128):032x}", fields, status, created, updated)


def iso8601(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds // 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
