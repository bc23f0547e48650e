"""Load by wrk over kept-alive connections, and what serving it costs."""

import re
import subprocess
import sys
from dataclasses import dataclass

from processes import Process


@dataclass(frozen=True)
class Sample:
    """One server under load for a few seconds."""

    rate: float  # requests per second
    server: float  # microseconds of CPU per request
    redis: float
    waited: float  # share of the time in which the server could run but had no core


@dataclass(frozen=True)
class Load:
    """wrk's settings."""

    core: int
    connections: int

    def run(self, seconds: int, url: str, server: Process, redis: Process) -> Sample:
        """Measures a server that is idle otherwise; ends the measurement at the first answer that is not a 2xx."""
        command = ["taskset", "--cpu-list", str(self.core), "wrk", "-t1", f"-c{self.connections}", f"-d{seconds}s", url]
        before, redis_before = server.cost(), redis.cost()
        output = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
        spent, redis_spent = server.cost() - before, redis.cost() - redis_before
        counted = re.search(r"(\d+) requests in ", output)
        rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
        if not counted or not rate or "Non-2xx" in output or "Socket errors" in output or counted[1] == "0":
            sys.exit(f"{server.name} did not answer all of {url}\n{output}")
        requests = int(counted[1])
        return Sample(
            rate=float(rate[1]),
            server=spent.running / requests / 1000,
            redis=redis_spent.running / requests / 1000,
            waited=spent.waiting / (seconds * 1e9),
        )
