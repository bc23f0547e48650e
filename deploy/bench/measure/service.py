"""The service's own programs, started on a store."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from http_client import Client
from processes import Process, Stage, free_port
from store import Store


# What the unit of a worker sets for every one alike.
UNIT = Path(__file__).resolve().parents[2] / "units/works-worker@.service"
WORKER_ENVIRONMENT = dict(re.findall(r"^Environment=([A-Z_]+)=([^%\n]*)$", UNIT.read_text(), re.M))


def executable(name: str) -> Path:
    return Path(os.environ["WORKS_BIN_DIR"]).absolute() / name


def worksctl(store: Store, command: str) -> str:
    """Runs an operator's command to its end; ends the measurement if it fails."""
    environment = os.environ | {"WORKS_REDIS_URL": store.url}
    done = subprocess.run(
        [executable("worksctl"), command],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        sys.exit(f"worksctl {command} failed on {store.process.name}:\n{done.stdout}")
    return done.stdout.strip()


def import_lines(store: Store, lines: Iterable[bytes]) -> None:
    """Has `worksctl import` take over an archive; ends the measurement if a line is refused."""
    environment = os.environ | {"WORKS_REDIS_URL": store.url}
    importer = subprocess.Popen([executable("worksctl"), "import"], env=environment, stdin=subprocess.PIPE)
    for line in lines:
        importer.stdin.write(line)
    importer.stdin.close()
    if importer.wait() != 0:
        sys.exit(f"worksctl import failed on {store.process.name}")


def import_file(store: Store, path: Path) -> None:
    """The same, of an archive in a file."""
    with path.open("rb") as lines:
        done = subprocess.run(
            [executable("worksctl"), "import"], env=os.environ | {"WORKS_REDIS_URL": store.url}, stdin=lines
        )
    if done.returncode != 0:
        sys.exit(f"worksctl import failed on {store.process.name}")


def start_worker(
    stage: Stage, name: str, redis_url: str, core: int, log: str, socket: Path | None = None
) -> tuple[Process, int]:
    """A worker that is ready to serve on a loopback port; or that listens on a unix socket, and then the port is 0."""
    port = 0 if socket else free_port()
    environment = WORKER_ENVIRONMENT | {
        "WORKS_LISTEN": f"unix:{socket}" if socket else f"127.0.0.1:{port}",
        "WORKS_REDIS_URL": redis_url,
        "WORKS_LOG": log,
        "WORKS_ID": "bench",
    }
    process = stage.start(name, [executable("works-worker")], core, **environment)
    if socket:
        process.await_that(socket.exists)
    else:
        process.await_port(port)
        process.await_that(lambda: Client(port).send("GET", "/readyz").status == 200)
    return process, port


def milliseconds_to_ready(stage: Stage, redis_url: str, core: int) -> float:
    """From the start of a worker's process to the first answer that says it can serve."""
    port = free_port()
    settings = {"WORKS_LISTEN": f"127.0.0.1:{port}", "WORKS_REDIS_URL": redis_url, "WORKS_LOG": "off"}
    environment = os.environ | WORKER_ENVIRONMENT | settings
    began = time.perf_counter()
    with (stage.directory / "started.log").open("wb") as output:
        command = ["taskset", "--cpu-list", str(core), executable("works-worker")]
        child = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        while time.perf_counter() - began < 5:
            try:
                if Client(port).send("GET", "/readyz").status == 200:
                    return (time.perf_counter() - began) * 1000
            except OSError:
                time.sleep(0.0005)
        sys.exit(f"a worker was not ready within five seconds\n{(stage.directory / 'started.log').read_text()}")
    finally:
        child.kill()
        child.wait()
