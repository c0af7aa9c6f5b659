"""The fake that the client's users test with: it answers, pages and fails as the service does."""

import pytest

from service.client import Invalid, NotFound, RateLimited, Unreachable
from service.client.testing import FakeMuster
from service.schemas.envelope import FieldProblem, Gap, Listing, Page


async def test_it_answers_models_data_text_and_functions() -> None:
    fake = FakeMuster()
    fake.answer(
        "/v1/gaps",
        Listing[Gap](items=[Gap(code="c", need="n", have="h")], page=Page(has_more=False, limit=1)),
    )
    fake.answer("/v1/plain", {"a": 1})
    fake.answer("/v1/text", "hello")
    fake.answer("/v1/nothing", None, method="DELETE")
    fake.answer("/v1/people/{person}", lambda request: {"path": request.path})
    fake.answer("/v1/made", lambda request: request.body, method="POST", status=201)
    async with fake.client() as muster:
        assert (await muster.request("GET", "/v1/gaps")).json()["items"][0]["code"] == "c"
        assert (await muster.request("GET", "/v1/plain")).json() == {"a": 1}
        assert (await muster.request("GET", "/v1/text")).body == b"hello"
        assert (await muster.request("DELETE", "/v1/nothing")).status == 204
        assert (await muster.request("GET", "/v1/people/a%2Fb")).json() == {"path": "/v1/people/a/b"}
        made = await muster.request("POST", "/v1/made", body={"job": "x"})
    assert (made.status, made.json()) == (201, {"job": "x"})


async def test_what_it_was_not_told_is_not_found() -> None:
    async with FakeMuster().client() as muster:
        with pytest.raises(NotFound, match="was not told what GET /v1/x answers"):
            await muster.request("GET", "/v1/x")


async def test_it_fails_as_told_and_then_answers() -> None:
    fake = FakeMuster()
    fake.answer("/v1/x", {"ok": True})
    fake.fail("/v1/x", status=429, times=1, retry_after=0)
    fake.fail("/v1/x", times=1)
    async with fake.client() as muster:
        assert (await muster.request("GET", "/v1/x")).json() == {"ok": True}
    assert len(fake.requests) == 3


async def test_it_fails_for_ever() -> None:
    fake = FakeMuster()
    fake.fail("/v1/x")
    fake.fail("/v1/y", status=429, retry_after=500)
    month = FieldProblem(pointer="/query/month", code="pattern", detail="YYYY-MM")
    fake.fail("/v1/z", status=422, code="invalid", detail="see errors", errors=[month])
    async with fake.client() as muster:
        with pytest.raises(Unreachable):
            await muster.request("GET", "/v1/x")
        with pytest.raises(RateLimited) as limited:
            await muster.request("GET", "/v1/y")
        with pytest.raises(Invalid, match="YYYY-MM") as invalid:
            await muster.request("GET", "/v1/z")
    assert limited.value.retry_after == 500
    assert invalid.value.problem is not None
    assert invalid.value.problem.errors == [month]


async def test_the_newest_telling_wins_and_etags_are_honoured() -> None:
    fake = FakeMuster()
    fake.answer("/v1/x", {"n": 1})
    async with fake.client() as muster:
        first = await muster.request("GET", "/v1/x")
        again = await muster.request("GET", "/v1/x")
        fake.answer("/v1/x", {"n": 2})
        other = await muster.request("GET", "/v1/x")
    assert (first.json(), again.json(), other.json()) == ({"n": 1}, {"n": 1}, {"n": 2})
    assert fake.requests[1].headers["if-none-match"] == first.headers["etag"]


async def test_it_remembers_who_asked_without_the_key() -> None:
    fake = FakeMuster()
    fake.answer("/v1/x", {})
    async with fake.client() as muster:
        await muster.request("GET", "/v1/x", query={"site": "Villas"})
    assert fake.requests[0].query == {"site": "Villas"}
    assert "authorization" not in fake.requests[0].headers
    assert "mst_" not in repr(fake.requests)


async def test_a_person_signs_in_and_bodies_and_statuses_of_all_kinds_are_answered() -> None:
    """What the children's desk does: a change with If-Match, a deletion with its reason, a file, a 207."""
    fake = FakeMuster()
    fake.answer("/v1/children/{child}", {"version": 4}, method="PATCH")
    fake.answer("/v1/children/sessions/{session}", None, method="DELETE", status=204)
    fake.answer("/v1/children/sessions/batch", {"items": []}, method="POST", status=207)
    fake.answer("/v1/children/exports/{export}/download", b"PK")
    async with fake.client(email="g1@families.example", password="hers") as muster:
        changed = await muster.request(
            "PATCH", "/v1/children/7", body={"name": "x"}, headers={"if-match": '"3"'}
        )
        assert (changed.status, changed.json()) == (200, {"version": 4})
        gone = await muster.request("DELETE", "/v1/children/sessions/9", body={"reason": "a wrong child"})
        assert (gone.status, gone.body) == (204, b"")
        assert (await muster.request("POST", "/v1/children/sessions/batch", body=[])).status == 207
        assert (await muster.request("GET", "/v1/children/exports/1/download")).body == b"PK"
    paths = [request.path for request in fake.requests]
    assert paths[0] == "/v1/access/token"
    assert paths.count("/v1/access/token") == 1
    assert fake.requests[2].body == {"reason": "a wrong child"}
