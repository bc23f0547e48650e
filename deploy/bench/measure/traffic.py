"""Load over kept-alive connections, and what serving it costs: as much as goes, or at a fixed rate."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from processes import Process, Stage
from request_kinds import Kind

PACE_SOURCE = Path(__file__).parents[1] / "pace.c"


@dataclass(frozen=True)
class Sample:
    """One system under load for a few seconds; costs are microseconds of CPU per request."""

    rate: float  # requests per second
    server: float
    nginx: float
    redis: float

    @property
    def cost(self) -> float:
        return self.server + self.redis


@dataclass(frozen=True)
class Load:
    """wrk's settings: where it runs, how many connections it keeps open, and what its scripts read."""

    core: int
    connections: int
    files: dict[str, str]
    runs: Iterator[int] = field(default_factory=count)

    def run(self, seconds: float, contender, kind: Kind, redis: Process) -> Sample:
        """Measures a system that is idle otherwise; ends the measurement at the first answer that is not a 2xx."""
        nginx = [contender.nginx] if contender.nginx else []
        before = [total(group) for group in (contender.servers, nginx, [redis])]
        target = contender.targets.get(kind.name, kind.target)
        outputs = self.ask(seconds, [f"http://127.0.0.1:{port}{target}" for port in contender.ports], kind)
        after = [total(group) for group in (contender.servers, nginx, [redis])]
        spent = [late - early for late, early in zip(after, before)]
        for output in outputs:
            if "Non-2xx" in output or "Socket errors" in output or not re.search(r"[1-9]\d* requests in ", output):
                sys.exit(f"{contender.name} did not answer every {kind.title}\n{output}")
        requests = sum(int(re.search(r"(\d+) requests in ", output)[1]) for output in outputs)
        return Sample(
            rate=sum(float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1]) for output in outputs),
            server=spent[0] / requests / 1000,
            nginx=spent[1] / requests / 1000,
            redis=spent[2] / requests / 1000,
        )

    def ask(self, seconds: float, urls: list[str], kind: Kind) -> list[str]:
        """One wrk for each URL, side by side; what they print."""
        script = ["-s", kind.script] if kind.script else []
        run = str(next(self.runs))
        running = [
            subprocess.Popen(
                [
                    *("taskset", "--cpu-list", str(self.core), "wrk", "-t1"),
                    *(f"-c{self.connections // len(urls)}", f"-d{seconds}s", *script, url),
                ],
                env=os.environ | self.files | {"RUN": run, "PART": str(number), "PARTS": str(len(urls))},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for number, url in enumerate(urls)
        ]
        return [wrk.communicate()[0] for wrk in running]


def total(processes: list[Process]) -> int:
    return sum(process.cost() for process in processes)


class Pace:
    """Requests at a fixed rate, whether or not those before them have been answered."""

    def __init__(self, stage: Stage, core: int, connections: int):
        self.program, self.core, self.connections = stage.directory / "pace", core, connections
        subprocess.run(["cc", "-O2", "-o", self.program, PACE_SOURCE], check=True)

    def milliseconds(self, rate: float, seconds: int, port: int, target: str) -> tuple[float, float]:
        """Median and 99th percentile of the latency."""
        command = ["taskset", "--cpu-list", self.core, self.program, port, target, rate, seconds, self.connections]
        done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            sys.exit(f"{target} at {rate:.0f}/s failed:\n{done.stdout}")
        middle, last, _ = map(int, done.stdout.split())
        return middle / 1000, last / 1000
