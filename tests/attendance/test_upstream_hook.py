"""The webhook of the upstream: signed bodies start a sync, others are refused."""

import asyncio
import base64
import hashlib
import hmac

from sqlalchemy import text

from service.attendance.router.hook import LARGEST
from tests.attendance.house import HOOK_SECRET, House, open_house


def signed(body: bytes, secret: str = HOOK_SECRET) -> dict[str, str]:
    """What Frappe sends beside a webhook's body."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return {"X-Frappe-Webhook-Signature": base64.b64encode(digest).decode()}


async def test_a_signed_hook_starts_a_sync_and_the_next_one_names_it(house: House) -> None:
    body = b'{"name": "EMP-CKIN-1"}'
    async with house.http() as upstream:
        first = await upstream.post("/hooks/upstream", content=body, headers=signed(body))
        second = await upstream.post("/hooks/upstream", content=b"", headers=signed(b""))
    assert (first.status_code, first.json()["started"]) == (202, True)
    assert (second.status_code, second.json()) == (202, {"run": first.json()["run"], "started": False})
    assert first.headers["location"] == second.headers["location"] == f"/v1/runs/{first.json()['run']}"
    async with house.runtime.database.read() as conn:
        runs = (await conn.execute(text("SELECT job, params, requested_by FROM muster.run"))).all()
    assert [(run.job, run.params["mode"], run.requested_by) for run in runs] == [
        ("attendance.sync", "incremental", "hook")
    ]


async def test_many_hooks_at_once_start_one_run(house: House) -> None:
    body = b"{}"
    async with house.http() as upstream:
        asked = (upstream.post("/hooks/upstream", content=body, headers=signed(body)) for _ in range(10))
        answers = await asyncio.gather(*asked)
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["run"] for answer in answers}) == 1
    assert sum(answer.json()["started"] for answer in answers) == 1


async def test_a_hook_that_is_not_signed_is_refused(house: House) -> None:
    wrong: list[dict[str, str]] = [
        {},
        {"X-Frappe-Webhook-Signature": ""},
        {"X-Frappe-Webhook-Signature": "AAAA"},
        {"X-Frappe-Webhook-Signature": "\xff"},
        signed(b"another body"),
        signed(b"{}", "another secret"),
    ]
    async with house.http() as upstream, house.http(await house.token("admin")) as admin:
        for headers in wrong:
            raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
            for http in (upstream, admin):  # a key does not replace the signature
                answer = await http.post("/hooks/upstream", content=b"{}", headers=raw)
                assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    async with house.runtime.database.read() as conn:
        assert await conn.scalar(text("SELECT count(*) FROM muster.run")) == 0


async def test_guessing_the_hooks_secret_is_held_back_and_the_right_one_is_not(house: House) -> None:
    async with house.http() as upstream:
        guesses = [await upstream.post("/hooks/upstream", content=b"{}") for _ in range(25)]
        right = await upstream.post("/hooks/upstream", content=b"{}", headers=signed(b"{}"))
    assert [answer.status_code for answer in guesses] == [401] * 20 + [429] * 5
    assert "retry-after" in guesses[-1].headers
    assert right.status_code == 202


async def test_a_hook_without_a_secret_is_not_there(database_url: str) -> None:
    async with open_house(database_url, hook_secret=None) as house, house.http() as upstream:
        answer = await upstream.post("/hooks/upstream", content=b"{}", headers=signed(b"{}"))
    assert answer.status_code == 404


async def test_a_huge_hook_is_refused_unread(house: House) -> None:
    body = b" " * (LARGEST + 1)
    async with house.http() as upstream:
        answer = await upstream.post("/hooks/upstream", content=body, headers=signed(body))
    assert answer.status_code == 413
