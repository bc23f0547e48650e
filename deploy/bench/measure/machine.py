"""What a measurement was made on and of, without which a number says nothing; and how far it has come."""

import os
import platform
import subprocess
import sys
from pathlib import Path

PACKAGES = ("redis-server", "libmicrohttpd12", "libhiredis0.14", "nginx", "webdis", "wrk", "gcc")


def machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    return f"{os.cpu_count()} × {model}, {system}, Linux {platform.release()}"


def versions(worker: Path | None) -> str:
    found = [f"{package} {version}" for package in PACKAGES if (version := package_version(package))]
    if worker:
        found.insert(0, output(worker, "--version"))
    return ", ".join(found)


def package_version(package: str) -> str:
    return output("dpkg-query", "--show", "--showformat=${Version}", package)


def output(*command) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.strip()


def say(text: str) -> None:
    """Progress, kept apart from the result."""
    print(text, file=sys.stderr, flush=True)
