"""The time Redis spends on a request, as it counts it itself."""

from collections import Counter
from collections.abc import Callable

from store import Redis, Store

# What the measurement asks of Redis itself.
OWN = {"info", "slowlog", "config", "monitor", "latency", "echo"}


class Clock:
    """Reads `INFO commandstats` before and after a request.

    Commands that a function calls are counted twice there: on their own and in the function's time. MONITOR tells them
    from those that the worker sends, so the clock listens to a kind of request once before it times it.
    """

    def __init__(self, store: Store):
        self.store = store

    def shares_sent(self, request: Callable[[], object]) -> dict[str, float]:
        """By command, which share of its calls during the request the worker has sent; the rest were functions'."""
        monitor = Redis(self.store.path)
        monitor.ask("MONITOR")
        request()
        self.store.redis.ask("ECHO", "heard")
        sent, called = Counter(), Counter()
        while b'"heard"' not in (line := monitor.reply()):
            # 1700000000.000000 [0 unix:/path] "FCALL_RO" …   or   [0 lua] "ZRANGE" …
            origin, words = line.split(b"]", 1)
            name = words.split(b'"')[1].decode().lower()
            (called if origin.endswith(b" lua") else sent)[name] += 1
        monitor.close()
        return {name: sent[name] / (sent + called)[name] for name in called}

    def microseconds(self, request: Callable[[], object], shares_sent: dict[str, float]) -> float:
        before = self._counted()
        request()
        after = self._counted()
        return sum(
            (spent - before.get(name, 0)) * shares_sent.get(name, 1) for name, spent in after.items() if name not in OWN
        )

    def _counted(self) -> dict[str, int]:
        """Microseconds by command, since Redis started."""
        counted: dict[str, int] = {}
        for line, counts in self.store.redis.info("commandstats").items():
            name = line.removeprefix("cmdstat_").split("|")[0]
            counted[name] = counted.get(name, 0) + int(counts.split("usec=")[1].split(",")[0])
        return counted


def longest_command(store: Store) -> tuple[int, str]:
    """Microseconds and words of the slowest command since the log was reset; 0 if none took a millisecond."""
    worst = (0, "")
    for _, _, microseconds, words, *_ in store.redis.ask("SLOWLOG", "GET", -1):
        if words[0].decode().lower() not in OWN:
            worst = max(worst, (microseconds, " ".join(word.decode(errors="replace") for word in words[:2])))
    return worst


def slow_commands(store: Store, milliseconds: int) -> int:
    """How many commands took longer since the log was reset."""
    entries = store.redis.ask("SLOWLOG", "GET", -1)
    return sum(
        taken > milliseconds * 1000 and words[0].decode().lower() not in OWN for _, _, taken, words, *_ in entries
    )


def reset_slow_log(store: Store) -> None:
    store.redis.ask("CONFIG", "SET", "slowlog-log-slower-than", 1000, "slowlog-max-len", 1_000_000)
    store.redis.ask("SLOWLOG", "RESET")
    store.redis.ask("LATENCY", "RESET")
