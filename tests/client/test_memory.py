"""Remembered ETags, and reading one's own writes."""

from hypothesis import given
from hypothesis import strategies as st

from service.client import CallOptions, MusterClient
from service.client._memory import MAX_SCOPES, RememberedAnswers, WrittenVersions
from service.client._message import Answer, Request
from tests.client.serving import Reply, Scripted, Seen, serving


def tagged(seen: Seen) -> Reply:
    """Answers with an ETag and honours it."""
    if seen.headers.get("if-none-match") == '"v1"':
        return Reply(304, headers={"etag": '"v1"', "data-version": "a:2"})
    return Reply(json={"rows": 3}, headers={"etag": '"v1"', "data-version": "a:1"})


async def test_304_gives_the_remembered_answer_with_the_new_headers() -> None:
    app = Scripted([tagged])
    async with serving(app) as url, MusterClient(url) as muster:
        first = await muster.request("GET", "/v1/x", query={"b": 1, "a": 2})
        second = await muster.request("GET", "/v1/x", query={"a": 2, "b": 1})
    assert first.json() == second.json() == {"rows": 3}
    assert second.status == 200
    assert (first.data_version, second.data_version) == ("a:1", "a:2")
    assert [seen.headers.get("if-none-match") for seen in app.seen] == [None, '"v1"']


async def test_other_parameters_formats_and_callers_are_other_answers() -> None:
    app = Scripted([tagged])
    async with serving(app) as url, MusterClient(url) as muster:
        await muster.request("GET", "/v1/x")
        await muster.request("GET", "/v1/x", query={"a": 1})
        await muster.request("GET", "/v1/x", headers={"Accept": "text/csv"})
        await muster.request("GET", "/v1/x", headers={"Authorization": "Bearer other"})
        await muster.request("GET", "/v1/x", options=CallOptions(fresh=True))
    assert [seen.headers.get("if-none-match") for seen in app.seen] == [None] * 5


async def test_a_view_shares_the_memory() -> None:
    app = Scripted([tagged])
    async with serving(app) as url, MusterClient(url) as muster:
        await muster.request("GET", "/v1/x")
        await muster.with_options(CallOptions(retries=0)).request("GET", "/v1/x")
    assert app.seen[1].headers["if-none-match"] == '"v1"'


async def test_after_a_write_every_reading_asks_for_at_least_that_version() -> None:
    app = Scripted(
        [Reply(json={}), Reply(201, {}, {"data-version": "attendance/2026-10/Villas:7"}), Reply(json={})]
    )
    async with serving(app) as url, MusterClient(url) as muster:
        await muster.request("GET", "/v1/x")
        await muster.request("POST", "/v1/x")
        await muster.request("GET", "/v1/x")
        await muster.request("GET", "/v1/x", options=CallOptions(min_data_version="crew/P22:1"))
    sent = [seen.headers.get("min-data-version") for seen in app.seen]
    assert sent == [None, None, "attendance/2026-10/Villas:7", "crew/P22:1"]


def test_versions_of_several_writes_are_joined_by_the_highest() -> None:
    written = WrittenVersions()
    assert written.token() is None
    written.note("a:1,b/c:5")
    written.note("a:3")
    written.note("b/c:2")
    assert dict(part.rsplit(":", 1) for part in (written.token() or "").split(",")) == {"a": "3", "b/c": "5"}


def test_a_token_of_another_make_is_sent_back_as_it_came() -> None:
    written = WrittenVersions()
    written.note("a:1")
    written.note("b3BhcXVl")
    assert written.token() == "b3BhcXVl"


@given(
    st.lists(st.dictionaries(st.sampled_from([f"s{n}" for n in range(100)]), st.integers(0, 99)), max_size=30)
)
def test_no_scope_ever_goes_back_while_it_is_remembered(tokens: list[dict[str, int]]) -> None:
    written = WrittenVersions()
    newest: dict[str, int] = {}
    for versions in tokens:
        written.note(",".join(f"{scope}:{n}" for scope, n in versions.items()))
        newest.update({scope: max(n, newest.get(scope, 0)) for scope, n in versions.items()})
    kept = dict(part.rsplit(":", 1) for part in (written.token() or "").split(",") if part)
    assert len(kept) == min(len(newest), MAX_SCOPES) or len(kept) <= MAX_SCOPES
    if len(newest) <= MAX_SCOPES:
        assert {scope: int(n) for scope, n in kept.items()} == newest


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 60)), max_size=60))
def test_the_memory_stays_within_its_bounds(calls: list[tuple[int, int]]) -> None:
    memory = RememberedAnswers(max_entries=5, max_bytes=100)
    for number, size in calls:
        request = Request("GET", f"/{number}")
        memory.put(request, Answer(200, {"etag": '"x"'}, bytes(size)))
        held = memory.get(request)
        assert (held is None) == (size > 25)
        assert len(memory) <= 5
        assert memory._bytes == sum(len(answer.body) for answer in memory._answers.values()) <= 100


def test_what_has_no_etag_or_is_no_reading_is_not_remembered() -> None:
    memory = RememberedAnswers()
    memory.put(Request("GET", "/a"), Answer(200, {}, b"x"))
    memory.put(Request("POST", "/a"), Answer(200, {"etag": '"x"'}, b"x"))
    memory.put(Request("GET", "/b"), Answer(206, {"etag": '"x"'}, b"x"))
    assert len(memory) == 0


async def test_what_may_not_be_stored_is_not_remembered() -> None:
    """Answers about children: an ETag there serves `If-Match` only."""
    app = Scripted([Reply(json={}, headers={"etag": '"3"', "cache-control": "private, no-store"})])
    async with serving(app) as url, MusterClient(url) as muster:
        for _ in range(2):
            assert (await muster.request("GET", "/v1/children/7")).headers["etag"] == '"3"'
        assert len(muster._session._shared.answers) == 0
    assert [seen.headers.get("if-none-match") for seen in app.seen] == [None, None]
