"""The systems that `compare` measures, each started on the same store."""

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import layout
from processes import Process, Stage, free_port
from service import start_worker
from store import Store
from traffic import Sample
from works import COMMON

LIMIT_SOURCE = Path(__file__).parents[1] / "limit.c"
PAGE_INDEX = layout.index_key("c", status=int(COMMON["status"]), frequency=COMMON["run_frequency"])


@dataclass
class Contender:
    name: str
    process: Process
    port: int
    idle: float  # MiB resident before the first request
    is_ours: bool = False
    targets: dict[str, str] = field(default_factory=dict)  # scenario → what wrk asks for
    samples: dict[str, list[Sample]] = field(default_factory=dict)


def start_limit(stage: Stage, store: Store, core: int, by: str) -> Contender:
    program = stage.directory / "limit"
    subprocess.run(["cc", "-O2", "-o", program, LIMIT_SOURCE, "-lmicrohttpd", "-lhiredis"], check=True)
    port = free_port()
    redis = store.path if by == "unix" else f"127.0.0.1:{store.port}"
    process = stage.start("C limit", [program, port, redis, PAGE_INDEX], core)
    process.await_port(port)
    return Contender("C limit", process, port, process.resident_mib())


def start_webdis(stage: Stage, store: Store, core: int, by: str) -> Contender:
    """One thread that serves, besides the one that accepts; no log."""
    port = free_port()
    chosen = {
        "redis_host": str(store.path) if by == "unix" else "127.0.0.1",
        "redis_port": 0 if by == "unix" else store.port,
        "http_host": "127.0.0.1",
        "http_port": port,
        "threads": 1,
        "daemonize": False,
        "verbosity": 0,
        "logfile": "/dev/null",
    }
    file = stage.directory / "webdis.json"
    file.write_text(json.dumps(chosen))
    process = stage.start("webdis", ["webdis", file], core)
    process.await_port(port)
    return Contender("webdis", process, port, process.resident_mib())


def start_ours(stage: Stage, store: Store, core: int, by: str, log: str) -> Contender:
    name = f"worker, log {log}"
    url = store.url if by == "unix" else f"redis://127.0.0.1:{store.port}"
    process, port = start_worker(stage, name, url, core, log)
    return Contender(name, process, port, process.resident_mib(), is_ours=True)
