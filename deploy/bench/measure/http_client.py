"""Single requests over one kept-alive connection."""

import http.client
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    def __init__(self, port: int):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def send(self, method: str, target: str, body: bytes | None = None) -> Answer:
        self.connection.request(method, target, body)
        response = self.connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())
