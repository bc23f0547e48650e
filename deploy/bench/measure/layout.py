"""The two keys of the store that others than the service read here; `Sources/Store/Keys.swift` explains them all."""

PARTITION = "{0}:"


def work_key(id: str) -> str:
    return f"{PARTITION}w:{id}"


def index_key(order: str, user: str | None = None, status: int | None = None, frequency: str | None = None) -> str:
    """The sorted set of a filter combination; `order` is `c` for created or `u` for updated."""
    parts = [("u=", user), ("s=", status), ("f=", frequency)]
    return f"{PARTITION}{order}:" + ":".join(f"{name}{value}" for name, value in parts if value is not None)
