"""A session with the service, by the client that was generated from its document: session.py ADDRESS"""

import sys
import uuid
from datetime import datetime, timezone
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import httpx
from works_client import Client
from works_client.api.operation import get_liveness, get_open_api, get_readiness
from works_client.api.tasks import create_task, list_tasks, patch_task, read_task
from works_client.api.works import (
    create_work,
    delete_work,
    list_works,
    patch_work,
    read_work,
    restore_work,
    search_works,
)
from works_client.models import (
    Category,
    DeletedWorks,
    Failure,
    RunFrequency,
    TaskDraft,
    TaskPatch,
    WorkDraft,
    WorkOrder,
    WorkPatch,
    WorkType,
)

client = Client(base_url=sys.argv[1], raise_on_unexpected_status=True)
user = uuid.uuid4().hex
requests = 0


def ask(operation, *ids: str, expected: HTTPStatus = HTTPStatus.OK, **arguments):
    """The response to a request, parsed by the client; ends the session if its status is not the expected one."""
    global requests
    requests += 1
    response = operation.sync_detailed(*ids, client=client, **arguments)
    if response.status_code != expected:
        answer = f"{response.status_code.value}, not {expected.value}: {response.content.decode()}"
        sys.exit(f"{operation.__name__} {ids} {arguments} is answered with {answer}")
    return response


def ask_in_vain(operation, *ids: str, code: int, **arguments) -> Failure:
    """The failure, with the given code, that a request is answered with."""
    failure = ask(operation, *ids, expected=HTTPStatus(code // 1000), **arguments).parsed
    expect(isinstance(failure, Failure) and failure.code == code and failure.msg, f"{failure}, not {code}")
    return failure


def expect(claim: object, complaint: object) -> None:
    if not claim:
        sys.exit(f"not as it should be: {complaint}")


def draft(number: int) -> WorkDraft:
    return WorkDraft(
        user_id=user,
        name=f"作业 {number}",
        description="",
        type_=WorkType.BATCH,
        category=Category.FLINK_JAR,
        status=number,
        extra_params=["-Doptions=fdfdf"],
        run_frequency=RunFrequency.DAILY if number % 2 else RunFrequency.HOURLY,
        created_at=datetime(2021, 12, 1, 16, 53, number, tzinfo=timezone.utc),
    )


def next_cursor(response) -> str | None:
    links = httpx.Response(200, headers=response.headers).links
    return parse_qs(urlsplit(links["next"]["url"]).query)["cursor"][0] if "next" in links else None


def creating() -> list[str]:
    """Creates works, one of them twice under one key, and returns their ids, oldest first."""
    key = uuid.uuid4().hex
    works = [ask(create_work, body=draft(number), idempotency_key=key if number == 0 else uuid.uuid4().hex)
             for number in range(4)]
    again = ask(create_work, body=draft(0), idempotency_key=key)
    expect(again.parsed.data == works[0].parsed.data, again.parsed)
    expect(again.headers["Idempotency-Replayed"] == "true", again.headers)
    ask_in_vain(create_work, code=422100, body=draft(1), idempotency_key=key)
    first = works[0].parsed.data
    expect(works[0].headers["Location"].endswith(first.work_id) and works[0].headers["ETag"] == '"1"', works[0].headers)
    expect(first.created_at == draft(0).created_at and first.description is None and first.deleted_at is None, first)
    expect(first.run_frequency is RunFrequency.HOURLY and first.category is Category.FLINK_JAR, first)
    return [work.parsed.data.work_id for work in works]


def reading(ids: list[str]) -> None:
    response = ask(read_work, ids[1])
    expect(response.parsed.data.name == "作业 1", response.parsed)
    ask(read_work, ids[1], expected=HTTPStatus.NOT_MODIFIED, if_none_match=response.headers["ETag"])


def listing(ids: list[str]) -> None:
    def found(operation, **filters) -> list[str]:
        return [work.work_id for work in ask(operation, user_id=user, **filters).parsed.data]

    expect(found(list_works) == ids[::-1], "the list")
    expect(found(list_works, order=WorkOrder.OLDEST_CREATED) == ids, "the list in another order")
    expect(found(list_works, limit=1, offset=1) == [ids[2]], "the second page")
    expect(found(list_works, status=[1, 3]) == [ids[3], ids[1]], "the list filtered by two statuses")
    frequencies = [RunFrequency.DAILY, RunFrequency.HOURLY]
    expect(found(list_works, run_frequency=frequencies, status=[0]) == [ids[0]], "the list with both filters")
    expect(found(search_works, name="作", status=[0, 1]) == [ids[1], ids[0]], "the search")
    expect(found(list_works, name="作业 2") == [ids[2]], "the list filtered by a name")

    met, cursor = [], None
    while cursor or not met:
        page = ask(list_works, user_id=user, limit=3, status=[0, 1, 2, 3], **({"cursor": cursor} if cursor else {}))
        met += [work.work_id for work in page.parsed.data]
        cursor = next_cursor(page)
        expect(page.headers["X-Total-Count"] == "4" and len(met) <= 4, page.headers)
    expect(met == ids[::-1], "the pages by cursor")


def changing(work_id: str) -> None:
    read = ask(read_work, work_id)
    changed = ask(patch_work, work_id, body=WorkPatch(status=7, java_version="17"))
    expect(changed.parsed.data.status == 7 and changed.parsed.data.java_version == "17", changed.parsed)
    stale = {"body": WorkPatch(status=1), "if_match": read.headers["ETag"]}
    ask_in_vain(patch_work, work_id, code=412100, **stale)
    fresh = ask(patch_work, work_id, body=WorkPatch(java_version=None), if_match=changed.headers["ETag"])
    expect(fresh.parsed.data.java_version is None and fresh.parsed.data.status == 7, fresh.parsed)
    whole = WorkPatch.from_dict(fresh.parsed.data.to_dict())
    same = ask(patch_work, work_id, body=whole)
    expect(same.parsed.data == fresh.parsed.data and same.headers["ETag"] == fresh.headers["ETag"], same.parsed)


def trashing(work_id: str) -> None:
    etag = ask(read_work, work_id).headers["ETag"]
    ask_in_vain(delete_work, work_id, code=412100, if_match='"99"')
    ask(delete_work, work_id, if_match=etag)
    ask_in_vain(read_work, work_id, code=404102)
    expect(ask(read_work, work_id, include_deleted=True).parsed.data.deleted_at is not None, "a time of deletion")
    trash = ask(list_works, user_id=user, deleted=DeletedWorks.ONLY).parsed.data
    expect([work.work_id for work in trash] == [work_id], trash)
    expect(ask(restore_work, work_id).parsed.data.deleted_at is None, "a restored work")
    ask(read_work, work_id)
    ask(delete_work, work_id, purge=True)
    ask_in_vain(read_work, work_id, code=404101, include_deleted=True)


def running(work_id: str) -> None:
    started = ask(create_task, work_id, body=TaskDraft(status=1, started_at=datetime(2021, 12, 1, tzinfo=timezone.utc)))
    task = started.parsed.data
    expect(task.ended_at is None and task.run_time == 0, task)
    other = ask(create_task, work_id, body=TaskDraft(status=3, task_id="other")).parsed.data
    ask_in_vain(create_task, work_id, code=409100, body=TaskDraft(status=3, task_id="other"))
    end = datetime(2021, 12, 1, 1, tzinfo=timezone.utc)
    finished = ask(patch_task, work_id, task.task_id, body=TaskPatch(status=2, ended_at=end),
                   if_match=started.headers["ETag"]).parsed.data
    expect(finished.run_time == 3600 and finished.ended_at == end, finished)
    expect(ask(read_task, work_id, task.task_id).parsed.data == finished, "the finished task")
    expect(ask(list_tasks, work_id).parsed.data == [other, finished], "the tasks")
    expect(ask(list_tasks, work_id, status=[0, 2]).parsed.data == [finished], "the tasks of two statuses")
    page = ask(list_tasks, work_id, limit=1)
    expect(ask(list_tasks, work_id, limit=1, cursor=next_cursor(page)).parsed.data == [finished], "the second page")


def failing(work_id: str) -> None:
    nameless = draft(0)
    nameless.name = ""
    expect("'name'" in ask_in_vain(create_work, code=400101, body=nameless).msg, "a message that names the field")
    expect("name" in ask_in_vain(create_work, code=400101, body=nameless, accept_language="zh").msg, "a message")
    ask_in_vain(list_works, code=400106, cursor="x")
    ask_in_vain(read_work, "a.b", code=400104)
    ask_in_vain(read_task, work_id, "none", code=404103)


ids = creating()
reading(ids)
listing(ids)
changing(ids[0])
running(ids[0])
trashing(ids[1])
failing(ids[0])
expect(ask(get_liveness).parsed.code == ask(get_readiness).parsed.code == 0, "healthy")
expect(ask(get_open_api).parsed.openapi.startswith("3.1"), "the document")
print(f"A generated client sent {requests} requests.")
