"""Requests other than a page of ten: each is prepared first, then timed alone."""

import json
from collections.abc import Callable
from statistics import median

from machine import say
from scene import Scene
from works import works

Request = Callable[[], object]


def create(scene: Scene) -> Request:
    body = next(works(1, seed=2)).body()
    return lambda: scene.succeed("POST", "/api/v1/works", body)


def patch(scene: Scene) -> Request:
    path = f"/api/v1/works/{scene.first_id()}"
    status = json.loads(scene.get(path).body)["data"]["status"]
    body = json.dumps({"status": (status + 1) % 8}).encode()
    return lambda: scene.succeed("PATCH", path, body)


def delete(scene: Scene) -> Request:
    path = f"/api/v1/works/{scene.first_id()}"
    return lambda: scene.succeed("DELETE", path)


def restore(scene: Scene) -> Request:
    path = f"/api/v1/works/{scene.first_id()}"
    scene.succeed("DELETE", path)
    return lambda: scene.succeed("POST", f"{path}/restore")


def purge(scene: Scene) -> Request:
    path = f"/api/v1/works/{scene.first_id()}?purge=true"
    return lambda: scene.succeed("DELETE", path)


def page(target: str) -> Callable[[Scene], Request]:
    return lambda scene: lambda: scene.get(target)


def next_page(scene: Scene) -> Request:
    links = scene.get("/api/v1/works?limit=10&status=1").headers["Link"].split(", ")
    target = next(link.split("<")[1].split(">")[0] for link in links if link.endswith('rel="next"'))
    return lambda: scene.get(target)


UNION = "/api/v1/works?limit=10&status=0,1,2,3,4,5,6,7&run_frequency=once,hourly,daily,weekly"


def last_of_union(scene: Scene) -> Request:
    """The farthest that an offset may reach into a union of sets, or the last page that there is."""
    number = min(scene.count // 10, 1000) - 1
    return lambda: scene.get(f"{UNION}&offset={number}")


# Each prepares a request, and returns it to be timed.
REQUESTS: dict[str, Callable[[Scene], Request]] = {
    "a page of 1000": page("/api/v1/works?limit=1000"),
    "the page behind a cursor": next_page,
    "first page of a list of 32 sets": page(UNION),
    "page 1000 of it, or its last": last_of_union,
    "create": create,
    "patch of the status": patch,
    "delete": delete,
    "first page of the trash": page("/api/v1/works?deleted=only"),
    "restore": restore,
    "purge": purge,
}


def measure_requests(scenes: list[Scene], times: int) -> dict[str, list[float]]:
    found = {}
    for name, prepare in REQUESTS.items():
        say(name)
        shares = scenes[0].clock.shares_sent(prepare(scenes[0]))
        found[name] = [
            median(scene.clock.microseconds(prepare(scene), shares) for _ in range(times)) for scene in scenes
        ]
    return found
