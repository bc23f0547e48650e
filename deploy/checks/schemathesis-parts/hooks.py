"""Tells Schemathesis what the document says in words only, because JSON Schema has no way to say it.

Some rules hold between values: a cursor excludes an offset, an end is not before its start. And some forms that the
schemas leave out, so that generated clients have one plain type for each value, are accepted all the same. Nothing else
is excused: each excuse below needs the request, as it was sent, to be such a case.
"""

import uuid

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData

import fresh
import words
from sent import Sent


@schemathesis.hook
def map_case(context, case):
    """Spares a request the refusals that would hide what the service makes of the rest of it."""
    fresh.renew(case)
    if isinstance(case.body, dict) and "If-Match" in case.headers:
        case.headers["If-Match"] = "*"  # a made-up version is told before the values in a body
    if words.is_key(case.headers.get("Idempotency-Key")):
        case.headers["Idempotency-Key"] = uuid.uuid4().hex  # so is a key that another request has used
    if case.meta is not None and case.meta.generation.mode.is_positive:
        if isinstance(case.body, dict):
            case.body = words.in_order(case.body)
        if case.query:
            case.query = words.compatible(case.query)
    return case


@schemathesis.hook
def before_add_examples(context, examples):
    """The same for requests with the document's examples, which are not for one request all together."""
    examples[:] = [map_case(context, case) for case in examples]


@schemathesis.hook
def filter_failure(context, failure, case, response) -> bool:
    """Whether a finding is one."""
    sent = Sent(case, response)
    if isinstance(failure, RejectedPositiveData):
        return not any(rule(sent) for rule in words.RULES.get(sent.code, ()))
    if isinstance(failure, AcceptedNegativeData):
        return not sent.is_valid()
    return True
