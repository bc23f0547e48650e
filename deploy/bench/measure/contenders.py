"""The systems that `compare` measures, all on the same store."""

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import layout
from http_client import Client
from processes import Process, Stage, free_port
from request_kinds import FILTERS
from service import start_worker
from store import Store
from traffic import Sample

LIMIT_SOURCE = Path(__file__).parents[1] / "limit.c"
NGINX_CONF = Path(__file__).parents[2] / "nginx-conf"
PAGE_INDEX = layout.index_key("c", status=int(FILTERS["status"]), frequency=FILTERS["run_frequency"])


@dataclass
class Contender:
    name: str
    servers: list[Process]
    ports: list[int]
    kinds: tuple[str, ...]  # the requests that it can answer
    nginx: Process | None = None  # in front of the servers
    targets: dict[str, str] = field(default_factory=dict)  # what it is asked for instead of the worker's target
    idle: float = 0  # MiB resident of the largest server before the first request
    samples: dict[str, list[Sample]] = field(default_factory=dict)

    def __post_init__(self):
        self.idle = max(server.resident_mib() for server in self.servers)


def start_limit(stage: Stage, store: Store, core: int) -> Contender:
    program = stage.directory / "limit"
    subprocess.run(["cc", "-O2", "-o", program, LIMIT_SOURCE, "-lmicrohttpd", "-lhiredis"], check=True)
    port = free_port()
    process = stage.start("C limit", [program, port, store.path, PAGE_INDEX], core)
    process.await_port(port)
    return Contender("C limit", [process], [port], ("one", "filtered", "deep"))


def start_webdis(stage: Stage, store: Store, core: int, work_id: str) -> Contender:
    """One thread that serves, besides the one that accepts; no log."""
    port = free_port()
    chosen = {
        "redis_host": str(store.path),
        "redis_port": 0,
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
    return Contender("webdis", [process], [port], ("one",), targets={"one": f"/HGETALL/{layout.work_key(work_id)}"})


def start_nginx_alone(stage: Stage, core: int, size: int) -> Contender:
    """What HTTP alone costs: the same number of bytes, out of nginx's own configuration."""
    port = free_port()
    file = stage.directory / "nginx-alone.conf"
    file.write_text(
        f"pid {stage.directory}/nginx-alone.pid; events {{ worker_connections 4096; }} http {{ access_log off; "
        f"keepalive_requests 1000000000; default_type application/json; server {{ listen 127.0.0.1:{port}; "
        f"location / {{ return 200 '{'x' * size}'; }} }} }}"
    )
    process = start_nginx(stage, "nginx alone", file, core)
    process.await_port(port)
    return Contender("nginx `return 200`", [process], [port], ("one",))


def start_nginx(stage: Stage, name: str, configuration: Path, core: int) -> Process:
    """One process, which does what nginx's workers do."""
    return stage.start(
        name,
        ["nginx", "-e", "stderr", "-p", stage.directory, "-c", configuration, "-g", "daemon off; master_process off;"],
        core,
    )


def start_ours(stage: Stage, store: Store, cores: list[int], kinds: tuple[str, ...]) -> Contender:
    """As many workers as cores are named, each on a port of its own."""
    names = [f"worker-direct-{len(cores)}-{number}" for number in range(len(cores))]
    started = [start_worker(stage, name, store.url, core, "off") for name, core in zip(names, cores)]
    title = "1 worker" if len(cores) == 1 else f"{len(cores)} workers"
    return Contender(title, [process for process, _ in started], [port for _, port in started], kinds)


def start_ours_behind_nginx(
    stage: Stage, store: Store, cores: list[int], nginx_core: int, kinds: tuple[str, ...]
) -> Contender:
    """As deployed: nginx with the shipped configuration before workers on unix sockets."""
    names = [f"worker-behind-{len(cores)}-{number}" for number in range(len(cores))]
    sockets = [stage.directory / f"{name}.sock" for name in names]
    workers = [
        start_worker(stage, name, store.url, core, "off", socket)[0]
        for name, core, socket in zip(names, cores, sockets)
    ]
    port = free_port()
    state = stage.directory / f"nginx-{len(cores)}"
    state.mkdir()
    listen = {"LISTEN": f"127.0.0.1:{port}", "OPERATOR_LISTEN": f"unix:{state}/operator.sock"}
    rendered = subprocess.run(
        [NGINX_CONF, *sockets],
        env=os.environ | listen | {"STATE": str(state)},
        stdout=subprocess.PIPE,
        check=True,
    )
    file = state / "nginx.conf"
    file.write_bytes(rendered.stdout)
    nginx = start_nginx(stage, f"nginx before {len(cores)}", file, nginx_core)
    nginx.await_port(port)
    nginx.await_that(lambda: Client(port).send("GET", "/readyz").status == 200)
    title = "1 worker" if len(cores) == 1 else f"{len(cores)} workers"
    return Contender(f"{title} behind nginx", workers, [port], kinds, nginx=nginx)
