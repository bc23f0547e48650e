"""Processes that end with the measurement, and what they cost: CPU by the nanosecond, resident memory."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class Process:
    """A child on its own core."""

    def __init__(self, name: str, child: subprocess.Popen, log: Path):
        self.name, self.child, self.log = name, child, log

    def cost(self) -> int:
        """Nanoseconds that it has been on a core since it started, summed over its threads."""
        threads = Path(f"/proc/{self.child.pid}/task").iterdir()
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads)

    def resident_mib(self) -> float:
        for line in Path(f"/proc/{self.child.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError(f"{self.name} has no memory of its own: it has ended")

    def await_that(self, is_ready, seconds: float = 20) -> None:
        """Waits until the claim holds; ends the measurement with the log's last lines when it does not."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            if self.child.poll() is not None or time.monotonic() > deadline:
                tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])
                sys.exit(f"{self.name} is not ready (exit status {self.child.poll()})\n{tail}")
            time.sleep(0.02)

    def await_port(self, port: int) -> None:
        def answers() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        self.await_that(answers)


class Stage:
    """A private directory and the processes started in it; both are gone when the `with` ends, however it ends.

    The kernel kills the children should this process be killed itself.
    """

    def __enter__(self) -> "Stage":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        self.directory = Path(tempfile.mkdtemp(prefix="works-bench-"))
        self.processes: list[Process] = []
        return self

    def __exit__(self, *_) -> None:
        for process in reversed(self.processes):
            process.child.kill()
            process.child.wait()
        shutil.rmtree(self.directory)

    def start(self, name: str, command: list, core: int, **environment: str) -> Process:
        """Starts a process pinned to a core; what it prints goes to a file, appended, so that it can be emptied."""
        log = self.directory / f"{name.replace(' ', '-')}.log"
        pinned = ["setpriv", "--pdeathsig", "KILL", "taskset", "--cpu-list", str(core), *map(str, command)]
        with log.open("ab") as output:
            child = subprocess.Popen(
                pinned,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=os.environ | environment,
                cwd=self.directory,
            )
        process = Process(name, child, log)
        self.processes.append(process)
        return process


# Below the ports of outgoing connections as Linux ships (`net.ipv4.ip_local_port_range`): one of the load's connections
# could else have a port before the server that it is for.
PORTS_SERVED = range(10_000, 32_768)


def free_port() -> int:
    for port in random.sample(PORTS_SERVED, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("no port is free")
