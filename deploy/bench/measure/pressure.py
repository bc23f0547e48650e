"""`deploy/bench/pressure`: what the costliest searches do to everybody else."""

import argparse
import json
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from statistics import median, quantiles

from http_client import Client
from machine import machine, say, versions
from processes import Stage
from redis_time import longest_command, reset_slow_log
from service import executable, import_lines, start_worker, worksctl
from store import Store
from works import works

RATIO_MAX, COMMAND_MS_MAX = 3.0, 10
WORKERS = 2
# Folding makes 33 bytes of it, and a request line has room for two thousand.
LONG = "ﷺ"


def settings() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="pressure",
        description="Fills a store with works whose texts are the costliest to search, and measures reads and changes "
        "of another work beside clients that search them. Exits with 1 if a stated bound is missed.",
    )
    parser.add_argument("--works", type=int, default=300, help="with costly texts, and as many others (default 300)")
    parser.add_argument("--clients", type=int, default=16, help="that search at the same time (default 16)")
    parser.add_argument("--times", type=int, default=300, help="how often to read and to change (default 300)")
    chosen = parser.parse_args()
    if chosen.works < 10 or chosen.clients < 1 or chosen.times < 100:
        parser.error("needs ten works, a client, and a hundred reads and changes at the least")
    return chosen


def costly(count: int) -> Iterator[bytes]:
    """Lines of works that repeat one character, each interrupted elsewhere; every tenth is in the trash."""
    for number, work in enumerate(works(count, seed=2)):
        before = number % 40 + 1
        fields = json.loads(work.line())
        fields["description"] = LONG * before + "x" + LONG * (4095 - before)
        fields["name"] = "a" * 255
        if number % 10 == 0:
            fields["deleted_at"] = fields["updated_at"]
        yield json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def searches() -> dict[str, str]:
    lists = "&status=0,1,2,3,4,5,6,7&run_frequency=once,hourly,daily,weekly"
    found = {
        "a repetition that ends": f"description={LONG * 2000}x",
        "a repetition as a whole": f"description={LONG * 2500}",
        "the same in both texts": f"name={'a' * 200}&description={LONG * 2000}x",
        "one that is nowhere": f"description={LONG * 1000}x{LONG * 1000}x",
        "with comma lists": f"description={LONG * 2000}x{lists}",
        "in the trash": f"description={LONG * 2000}x&deleted=only",
        "a common string": "description=测试作业, number&limit=1000",
    }
    return {name: f"/api/v1/works/search?{query.replace(' ', '+')}" for name, query in found.items()}


class RawConnection(HTTPConnection):
    """Sends a target as it is: percent-encoded, a URI would have room for a third of it."""

    def _encode_request(self, request: str) -> bytes:
        return request.encode()


def search_until(done, port: int, target: str, counts: dict[int, int]) -> None:
    connection = RawConnection("127.0.0.1", port, timeout=60)
    while not done.is_set():
        connection.request("GET", target)
        response = connection.getresponse()
        response.read()
        counts[response.status] = counts.get(response.status, 0) + 1


def press(done, results, ports: list[int], target: str, clients: int) -> None:
    """A process of its own, whose threads search until `done`; puts how many answers had each status."""
    counts = [{} for _ in range(clients)]
    threads = [
        threading.Thread(target=search_until, args=(done, ports[number % len(ports)], target, counts[number]))
        for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put({status: sum(one.get(status, 0) for one in counts) for one in counts for status in one})


class Pressure:
    """Clients that send one search after another while the `with` lasts."""

    def __init__(self, ports: list[int], target: str, clients: int):
        self.done, self.results = multiprocessing.Event(), multiprocessing.Queue()
        self.process = multiprocessing.Process(
            target=press, args=(self.done, self.results, ports, target, clients), daemon=True
        )

    def __enter__(self) -> "Pressure":
        self.process.start()
        time.sleep(0.5)  # until all of them are under way
        return self

    def __exit__(self, *_) -> None:
        self.done.set()
        self.answers = self.results.get(timeout=60)
        self.process.join()


class Others:
    """Somebody who reads and changes one work, over each worker in turn."""

    def __init__(self, ports: list[int], work_id: str):
        self.clients, self.target = [Client(port) for port in ports], f"/api/v1/works/{work_id}"
        self.failed = 0

    def milliseconds(self, times: int) -> tuple[list[float], list[float]]:
        """Of reads and of changes."""
        reads, changes = [], []
        for number in range(times):
            client = self.clients[number % len(self.clients)]
            reads.append(self._send(client, "GET", None))
            changes.append(self._send(client, "PATCH", b'{"status": %d}' % (number % 8)))
        return reads, changes

    def _send(self, client: Client, method: str, body: bytes | None) -> float:
        began = time.perf_counter()
        if client.send(method, self.target, body).status != 200:
            self.failed += 1
        return (time.perf_counter() - began) * 1000


def both(spent: list[float]) -> str:
    return f"{median(spent):.2f} / {quantiles(spent, n=100)[98]:.2f}"


def main() -> None:
    chosen = settings()
    redis_core = min(1, (os.cpu_count() or 1) - 1)
    os.sched_setaffinity(0, {0})
    with Stage() as stage:
        store = Store(stage, "redis", redis_core, appendfsync="everysec")
        worksctl(store, "install")
        ordinary = [work.line() for work in works(chosen.works)]
        import_lines(store, ordinary)
        import_lines(store, costly(chosen.works))
        ports = [start_worker(stage, f"worker-{number}", store.url, 0, "off")[1] for number in range(WORKERS)]
        others = Others(ports, json.loads(ordinary[0])["work_id"])
        others.milliseconds(100)
        lines = [
            f"| {chosen.clients} clients search for | GET: p50 / p99 ms | PATCH | ratios of p50 | longest command ms | "
            "answers |",
            "|---|--:|--:|--:|--:|---|",
        ]
        held = True
        for name, target in searches().items():
            alone = others.milliseconds(chosen.times)
            reset_slow_log(store)
            with Pressure(ports, target, chosen.clients) as pressure:
                beside = others.milliseconds(chosen.times)
            longest = longest_command(store)[0] / 1000
            ratios = [median(spent) / median(before) for spent, before in zip(beside, alone)]
            held = held and max(ratios) <= RATIO_MAX and longest <= COMMAND_MS_MAX
            answers = ", ".join(f"{count} × {status}" for status, count in sorted(pressure.answers.items()))
            cells = [f"{both(before)} → {both(spent)}" for before, spent in zip(alone, beside)]
            lines.append(
                f"| {name} | {cells[0]} | {cells[1]} | {ratios[0]:.1f}, {ratios[1]:.1f} | {longest:.1f} | {answers} |"
            )
            say(lines[-1])
        held = held and others.failed == 0
        print("\n".join(lines) + "\n")
        print(
            f"- p50 beside them at most {RATIO_MAX:g} times that alone, no command over {COMMAND_MS_MAX} ms, none of "
            f"the reads and changes failed ({others.failed}): {'held' if held else 'MISSED'}."
        )
        print(f"- Machine: {machine()}; versions: {versions(executable('works-worker'))}.")
        print(
            f"- {chosen.works} works with costly texts; {WORKERS} workers; appendfsync everysec; Redis on core "
            f"{redis_core}, all else on core 0."
        )
    sys.exit(not held)


if __name__ == "__main__":
    main()
