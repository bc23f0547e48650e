"""A filled store with a worker in front of it, and a clock on what Redis does."""

import json
import sys
import time

from http_client import Answer, Client
from machine import say
from processes import Stage
from redis_time import Clock, reset_slow_log
from service import import_lines, start_worker, worksctl
from store import Store
from works import works


class Scene:
    """A store of some size and the worker in front of it."""

    def __init__(self, stage: Stage, name: str, count: int, core: int):
        """Filled without the append-only file, which only the writes need."""
        self.count = count
        self.store = Store(stage, f"redis-{name}", core, appendonly="no")
        began = time.monotonic()
        worksctl(self.store, "install")
        import_lines(self.store, (work.line() for work in works(count)))
        self.store.redis.ask("CONFIG", "SET", "appendonly", "yes")
        self.store.process.await_that(self.store.is_settled, seconds=600)
        _, port = start_worker(stage, f"worker-{name}", self.store.url, core=0, log="off")
        self.client = Client(port)
        self.clock = Clock(self.store)
        reset_slow_log(self.store)
        say(f"{count} works in {time.monotonic() - began:.0f} s, {self.store.process.resident_mib():.0f} MiB")

    def get(self, target: str) -> Answer:
        return self.succeed("GET", target)

    def succeed(self, method: str, target: str, body: bytes | None = None) -> Answer:
        answer = self.client.send(method, target, body)
        if answer.status != 200:
            sys.exit(f"{method} {target} failed: {answer.body.decode()}")
        return answer

    def first_id(self) -> str:
        return json.loads(self.get("/api/v1/works?limit=1").body)["data"][0]["work_id"]
