"""The rules that the document tells in words: which requests it refuses although each value fits its schema."""

import re
from datetime import datetime, timedelta, timezone

LISTS = ("status", "run_frequency")
TIMES = (("created_at", "updated_at"), ("started_at", "ended_at"))
LEAP_YEAR = "2020"


def excludes_offset(sent) -> bool:
    return bool(sent.query.get("cursor") and sent.query.get("offset"))


def excludes_order(sent) -> bool:
    return sent.query.get("deleted") == ["only"] and bool(sent.query.get("order"))


def reaches_too_deep(sent) -> bool:
    """An offset has a bound where a filter has several values."""
    query = sent.query
    has_union = any("," in ",".join(query.get(name, [])) for name in LISTS)
    standard = next((each["schema"]["default"] for each in sent.located("query") if each["name"] == "limit"), 0)
    limit = int(query.get("limit", [standard])[0])
    return has_union and int(query.get("offset", [0])[0]) * limit + limit > 10_000


def has_a_cursor(sent) -> bool:
    """No made-up cursor is valid."""
    return bool(sent.query.get("cursor"))


def has_the_time_refused(sent) -> bool:
    """A time may be too far ahead, or on the wrong side of another one, also of one that is stored."""
    refused = re.search("'([a-z_]+_at)'", sent.message)
    return refused is not None and refused[1] in sent.body


RULES = {
    400101: (has_the_time_refused,),
    400103: (excludes_offset, excludes_order, reaches_too_deep),
    400106: (has_a_cursor,),
}


def in_order(body: dict) -> dict:
    """The same body with no time ahead of the clock, and with each pair of times in order."""
    body = body | {name: past(value) for name, value in body.items() if name.endswith("_at")}
    for first, second in TIMES:
        if (start := moment(body.get(first))) and (end := moment(body.get(second))) and end < start:
            body |= {first: body[second], second: body[first]}
    return body


def past(value: object) -> object:
    time = moment(value)
    is_ahead = time is not None and time > datetime.now(timezone.utc) - timedelta(days=2)
    return LEAP_YEAR + value[4:] if is_ahead else value


def moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def compatible(query: dict) -> dict:
    """The same query without a made-up cursor, an order of the trash, or an offset into a union."""
    excluded = {"cursor"}
    if query.get("deleted") == "only":
        excluded.add("order")
    if any(isinstance(query.get(name), list) and len(query[name]) > 1 for name in LISTS):
        excluded.add("offset")
    return {name: value for name, value in query.items() if name not in excluded}


def is_key(value: str | None) -> bool:
    return value is not None and re.fullmatch("[ -~]{1,255}", value) is not None
