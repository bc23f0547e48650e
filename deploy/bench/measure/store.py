"""A private Redis with the shipped settings, and the few words of its protocol that measuring needs."""

import socket
from pathlib import Path

from processes import Process, Stage, free_port

SETTINGS = Path(__file__).parents[2] / "redis.conf"


class Redis:
    """One connection. Replies are bytes, integers, lists or None; an error reply ends the measurement."""

    def __init__(self, path: Path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.input = self.socket.makefile("rb")

    def close(self) -> None:
        self.input.close()
        self.socket.close()

    def ask(self, *words):
        self.socket.sendall(encoded([str(word).encode() for word in words]))
        return self.reply()

    def reply(self):
        line = self.input.readline()
        if not line:
            raise ConnectionError("Redis has closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            raise RuntimeError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self.input.read(int(rest) + 2)[:-2]
        if kind == b"*":
            return [self.reply() for _ in range(int(rest))]
        return rest

    def info(self, section: str) -> dict[str, str]:
        lines = self.ask("INFO", section).decode().splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)


def encoded(words: list[bytes]) -> bytes:
    return b"*%d\r\n" % len(words) + b"".join([b"$%d\r\n%b\r\n" % (len(word), word) for word in words])


class Store:
    """A redis-server of our own, reached by a socket in the stage's directory and by a loopback port."""

    def __init__(self, stage: Stage, name: str, core: int, **settings: str):
        self.path = stage.directory / f"{name}.sock"
        self.port = free_port()
        data = stage.directory / name
        data.mkdir()
        own = {"port": self.port, "bind": "127.0.0.1", "unixsocket": self.path, "dir": data} | settings
        options = [word for key, value in own.items() for word in (f"--{key}", value)]
        self.process: Process = stage.start(name, ["redis-server", SETTINGS, *options], core)
        self.process.await_that(self.path.exists)
        self.redis = Redis(self.path)

    @property
    def url(self) -> str:
        return f"unix://{self.path}"

    def setting(self, name: str) -> str:
        return self.redis.ask("CONFIG", "GET", name)[1].decode()

    def is_settled(self) -> bool:
        """Whether the append-only file holds what is in memory, so that no child of Redis competes any more."""
        persistence = self.redis.info("persistence")
        return persistence["aof_rewrite_in_progress"] == "0" == persistence["aof_rewrite_scheduled"]
