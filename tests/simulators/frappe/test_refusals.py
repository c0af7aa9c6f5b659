"""Errors: status, `exc_type` and body, as observed; who may read what."""

import json
from dataclasses import replace

import httpx
import pytest

from service.simulators.frappe import ApiKey, FrappeConfig, FrappeServer, Store
from tests.simulators.frappe.conftest import CHECKIN, Caller, serving
from tests.simulators.frappe.seeding import CONFIG, KEYS

UNAUTHORISED = "AuthenticationError"


@pytest.mark.parametrize(
    ("header", "status", "kind"),
    [
        (None, 403, "PermissionError"),
        ("token", 403, "PermissionError"),
        ("token KEY:WRONG", 401, UNAUTHORISED),
        ("token NOBODY:SECRET", 401, UNAUTHORISED),
        ("token KEY", 401, UNAUTHORISED),
        ("Bearer KEY:SECRET", 401, UNAUTHORISED),
        ("token DKEY:DSECRET", 401, UNAUTHORISED),
        ("Basic ~~~", 400, "InvalidAuthorizationToken"),
        ("token NKEY:NSECRET", 403, "PermissionError"),
    ],
)
async def test_credentials(recorded: FrappeServer, header: str | None, status: int, kind: str) -> None:
    headers = {"Authorization": header} if header else {}
    async with httpx.AsyncClient(base_url=recorded.url, timeout=60) as client:
        answer = await client.get(CHECKIN, headers=headers)
        assert (answer.status_code, answer.json()["exc_type"]) == (status, kind)
        assert "www-authenticate" not in answer.headers
        ended = any(cookie.startswith("sid=;") for cookie in answer.headers.get_list("set-cookie"))
        assert ended == (status == 401)


@pytest.mark.parametrize(
    ("params", "status", "kind"),
    [
        ({"fields": ["nosuch"]}, 417, "DataError"),
        ({"filters": [["nosuch", "=", 1]]}, 417, "DataError"),
        ({"filters": [["overtime_type", "=", "x"]]}, 417, "DataError"),
        ({"fields": ["employee.nosuch"]}, 417, "DataError"),
        ({"group_by": "nosuch"}, 417, "DataError"),
        ({"order_by": "nosuch desc"}, 500, "OperationalError"),
        ({"filters": "[["}, 500, "JSONDecodeError"),
        ({"fields": "nosuch"}, 500, "JSONDecodeError"),
        ({"filters": [["employee"]]}, 500, "IndexError"),
        ({"filters": [["employee", "x"]]}, 417, "ValidationError"),
        ({"filters": ["employee", "=", "x"]}, 417, "ValidationError"),
        ({"filters": 5}, 500, "AttributeError"),
        ({"filters": [["employee", "~", "x"]]}, 417, "ValidationError"),
        ({"filters": [["employee", "descendants of", "x"]]}, 417, "ValidationError"),
        ({"filters": [["time", ">", "not-a-date"]]}, 500, "ParserError"),
        ({"filters": [["time", ">", "2026-13-45"]]}, 500, "ParserError"),
        ({"filters": [["time", "timespan", "next century"]]}, 417, "ValidationError"),
        ({"limit_page_length": "-1"}, 500, "ProgrammingError"),
        ({"limit_start": "-5"}, 500, "ProgrammingError"),
    ],
)
async def test_bad_questions(ask: Caller, params: dict[str, object], status: int, kind: str) -> None:
    answer = await ask.get(**params)
    body = answer.json()
    assert (answer.status_code, body["exc_type"]) == (status, kind)
    assert body["exception"].endswith(body["exception"].split(": ", 1)[-1])
    assert json.loads(body["exc"])[0].startswith("Traceback")


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/api/resource/Nosuch", 403, "PermissionError"),
        ("/api/resource/Shift Location", 403, "PermissionError"),
        ("/api/resource/Holiday List Assignment", 403, "PermissionError"),
        ("/api/resource/employee checkin", 500, "ProgrammingError"),
        ("/api/resource/Employee/nobody", 404, "DoesNotExistError"),
        ("/api/method/no.such.method", 417, "ValidationError"),
        ("/api/nosuch", 404, "DoesNotExistError"),
        ("/api/resource", 404, "DoesNotExistError"),
    ],
)
async def test_unknown_places(ask: Caller, path: str, status: int, kind: str) -> None:
    answer = await ask.get(path)
    assert (answer.status_code, answer.json()["exc_type"]) == (status, kind)


async def test_the_administrator_learns_that_a_doctype_is_missing(ask: Caller) -> None:
    admin = ask.as_user("AKEY", "ASECRET")
    answer = await admin.get("/api/resource/Nosuch")
    assert (answer.status_code, answer.json()["exc_type"]) == (404, "DoesNotExistError")
    await admin.client.aclose()


async def test_pages_outside_the_interface_are_html(ask: Caller) -> None:
    answer = await ask.get("/desk")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


async def test_wrong_methods(ask: Caller) -> None:
    for path, allowed in ((CHECKIN, "POST, HEAD, GET"), (f"{CHECKIN}/X", "DELETE, PUT, HEAD, GET")):
        answer = await ask.client.request("PATCH", path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert (await ask.client.delete("/api/method/ping")).status_code == 405


async def test_messages_are_json_within_json(ask: Caller) -> None:
    body = (await ask.get("/api/resource/Employee/nobody")).json()
    message = json.loads(json.loads(body["_server_messages"])[0])
    assert message["message"] == "Employee nobody not found"
    assert message["raise_exception"] == 1
    assert not {"exc", "exception"} & body.keys()


async def test_without_tracebacks_only_the_kind_and_messages_remain(store: Store) -> None:
    async with serving(store, replace(CONFIG, tracebacks=False)) as (_, call):
        wrong = await call.get(filters=[["time", ">", "not-a-date"]])
        assert wrong.json() == {"exc_type": "ParserError"}
        missing = await call.get("/api/resource/Employee/nobody")
        assert missing.json().keys() == {"exc_type", "_server_messages"}


async def test_restricted_rows_are_left_out_without_a_word(ask: Caller, recorded: FrappeServer) -> None:
    limited = ask.as_user("LKEY", "LSECRET")
    rows = await limited.rows(fields=["employee"], limit="0")
    assert {row["employee"] for row in rows} == {"HR-EMP-00001"}
    for method in ("frappe.client.get_count", "frappe.desk.reportview.get_count"):
        count = await limited.get(f"/api/method/{method}", doctype="Employee Checkin")
        assert count.json() == {"message": len(rows)}
    assert await limited.names("Employee") == ["HR-EMP-00001"]
    foreign = await limited.get(f"{CHECKIN}/EMP-CKIN-01-2015-000005")
    assert foreign.status_code == 403
    own = await limited.get(f"{CHECKIN}/EMP-CKIN-01-2015-000199")
    assert own.status_code == 200
    await limited.client.aclose()


async def test_a_missing_right_for_one_doctype_and_a_hidden_field(store: Store) -> None:
    values = {"name": "E1", "employee_name": "One", "date_of_joining": "2020-01-01", "grade": "A"}
    store.insert("Employee", values)
    key = ApiKey("p", "q", readable=frozenset({"Employee"}), hidden=frozenset({("Employee", "grade")}))
    async with serving(store, FrappeConfig(keys=(key,)), "p:q") as (_, call):
        assert (await call.get("/api/resource/Deleted Document")).status_code == 403
        assert await call.rows("Employee", fields=["name", "grade"]) == [{"name": "E1"}]
        assert "grade" not in (await call.get("/api/resource/Employee/E1")).json()["data"]


async def test_reading_is_not_writing(store: Store) -> None:
    store.insert("Branch", {"name": "Villas", "branch": "Villas"})
    key = ApiKey("p", "q", writable=frozenset())
    async with serving(store, FrappeConfig(keys=(*KEYS, key)), "p:q") as (_, call):
        assert (await call.client.get("/api/resource/Branch/Villas")).status_code == 200
        assert (await call.client.delete("/api/resource/Branch/Villas")).status_code == 403
        assert (await call.client.post("/api/resource/Branch", json={"branch": "B"})).status_code == 403
