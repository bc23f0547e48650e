"""Objects for the requests that change one: else a few deletions early in a run would answer for all the rest of it."""

import re

import requests
from schemathesis.core import NOT_SET
from schemathesis.generation.meta import TestPhase

# The ids of answers and of the document's examples; another one was made up, and stays.
KNOWN_ID = re.compile("[0-9a-z]{32}")


def renew(case) -> None:
    """Aims a request with a body at a work, and a task, of its own; but the stateful phase follows what it made."""
    ids = case.path_parameters or {}
    if case.body is NOT_SET or case.meta is None or case.meta.phase.name == TestPhase.STATEFUL:
        return
    if not all(isinstance(value, str) and KNOWN_ID.fullmatch(value) for value in ids.values()):
        return
    works = "/api/v1/works"
    if "work_id" in ids:
        ids["work_id"] = created(case, works, works)["work_id"]
    if "task_id" in ids:
        ids["task_id"] = created(case, works + "/{work_id}/tasks", f"{works}/{ids['work_id']}/tasks")["task_id"]
    case.path_parameters = ids


def created(case, template: str, path: str) -> dict:
    """A new object, made from the document's example."""
    schema = case.operation.schema
    example = schema.raw_schema["paths"][template]["post"]["requestBody"]["content"]["application/json"]["example"]
    answer = requests.post(schema.get_base_url().rstrip("/") + path, json=example, timeout=20)
    answer.raise_for_status()
    return answer.json()["data"]
