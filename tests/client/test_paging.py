"""Lists: one page, all pages, failures midway, resuming."""

import asyncio
import gc
from collections.abc import Callable
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.client import Backoff, CallOptions, IncompleteData, MusterClient, Pages, Unavailable, Unreadable
from service.client._desk import Desk
from service.client.testing import FakeMuster
from service.schemas.envelope import Listing, Meta, Wire
from tests.client.serving import Reply, Scripted, Seen, page, problem, serving, until

QUICK = Backoff(first=0.001, longest=0.002)


class Row(Wire):
    """A row of the tests' list."""

    n: int


class Rows(Desk):
    """A desk as the generator writes it."""

    def rows(
        self,
        *,
        site: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Row]:
        """All rows."""
        query = {"site": site, "limit": limit, "cursor": cursor}
        return self._list(Row, Listing[Row], "/v1/rows", query, options)


def rows_of(muster: MusterClient) -> Rows:
    return Rows(muster._session)


def three_pages(failing: Callable[[str, int], Reply | None] = lambda cursor, times: None) -> Scripted:
    """Pages 0–1, 2–3, 4; `failing` may answer instead, given the cursor and how often it was asked before."""
    asked: dict[str, int] = {}

    def answer(seen: Seen) -> Reply:
        cursor = parse_qs(seen.query).get("cursor", [""])[0]
        before = asked.get(cursor, 0)
        asked[cursor] = before + 1
        failure = failing(cursor, before)
        if failure is not None:
            return failure
        numbers, following = {"": ([0, 1], "c1"), "c1": ([2, 3], "c2"), "c2": ([4], None)}[cursor]
        return page([{"n": n} for n in numbers], following)

    return Scripted([answer])


async def test_awaited_it_is_one_page() -> None:
    app = three_pages()
    async with serving(app) as url, MusterClient(url) as muster:
        pages = rows_of(muster).rows(site="Villas")
        first = await pages
        again = await pages
    assert [row.n for row in first.items] == [0, 1] == [row.n for row in again.items]
    assert first.page.next == "c1"
    assert [seen.query for seen in app.seen] == ["site=Villas", "site=Villas"]


async def test_iterated_it_is_all_pages_with_the_same_filters() -> None:
    app = three_pages()
    async with serving(app) as url, MusterClient(url) as muster:
        found = [row.n async for row in rows_of(muster).rows(site="Villas", limit=2)]
    assert found == [0, 1, 2, 3, 4]
    assert [parse_qs(seen.query) for seen in app.seen] == [
        {"site": ["Villas"], "limit": ["2"]},
        {"site": ["Villas"], "limit": ["2"], "cursor": ["c1"]},
        {"site": ["Villas"], "limit": ["2"], "cursor": ["c2"]},
    ]


async def test_page_by_page() -> None:
    async with serving(three_pages()) as url, MusterClient(url) as muster:
        sizes = [len(one.items) async for one in rows_of(muster).rows().pages()]
    assert sizes == [2, 2, 1]


async def test_a_list_is_fit_for_a_task_group() -> None:
    async with serving(three_pages()) as url, MusterClient(url) as muster:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(rows_of(muster).rows())
        assert len(task.result().items) == 2


async def test_one_page_is_fetched_ahead_and_no_more() -> None:
    app = three_pages()
    async with serving(app) as url, MusterClient(url) as muster, aiter(rows_of(muster).rows()) as rows:
        await anext(rows)
        await until(lambda: len(app.seen) == 2)
        await asyncio.sleep(0.05)
        assert len(app.seen) == 2


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("at", ["", "c1", "c2"])
async def test_a_passing_failure_midway_loses_and_repeats_nothing(status: int, at: str) -> None:
    wait = {"retry-after": "0"}
    app = three_pages(lambda cursor, n: problem(status, headers=wait) if cursor == at and n < 2 else None)
    async with serving(app) as url, MusterClient(url, backoff=QUICK) as muster:
        assert [row.n async for row in rows_of(muster).rows()] == [0, 1, 2, 3, 4]


async def test_after_a_lasting_failure_the_same_iterator_goes_on() -> None:
    app = three_pages(lambda cursor, n: problem(503) if cursor == "c1" and n == 0 else None)
    async with serving(app) as url, MusterClient(url, retries=0) as muster:
        rows = aiter(rows_of(muster).rows())
        found = [(await anext(rows)).n, (await anext(rows)).n]
        with pytest.raises(Unavailable):
            await anext(rows)
        assert rows.cursor == "c1"
        assert not rows.finished
        found += [row.n async for row in rows]
    assert found == [0, 1, 2, 3, 4]


async def test_another_iterator_resumes_from_the_cursor() -> None:
    async with serving(three_pages()) as url, MusterClient(url) as muster:
        async with aiter(rows_of(muster).rows()) as rows:
            found = [(await anext(rows)).n for _ in range(3)]
            cursor = rows.cursor
        # Row 3 was not given: the page it stands on begins at the cursor, so row 2 comes again.
        assert (found, cursor) == ([0, 1, 2], "c1")
        rest = [row.n async for row in rows_of(muster).rows(cursor=cursor)]
    assert rest == [2, 3, 4]


async def test_the_cursor_moves_on_only_when_the_next_page_is_asked_for() -> None:
    async with serving(three_pages()) as url, MusterClient(url) as muster:
        rows = aiter(rows_of(muster).rows())
        stands = [(row.n, rows.cursor, rows.finished) async for row in rows]
        assert rows.finished
    assert stands == [
        (0, None, False),
        (1, None, False),
        (2, "c1", False),
        (3, "c1", False),
        (4, "c2", False),
    ]


async def test_a_loop_left_early_leaves_nothing_running() -> None:
    app = three_pages(lambda c, n: Reply(before=lambda: asyncio.sleep(30)) if c == "c1" else None)
    async with serving(app) as url, MusterClient(url) as muster:
        async for _ in rows_of(muster).rows():
            await until(lambda: len(app.seen) == 2)
            break
        gc.collect()
        await until(lambda: not muster._session._shared.background)
        assert len(app.seen) == 2


async def test_closing_the_client_ends_what_is_fetched_ahead() -> None:
    app = three_pages(lambda c, n: Reply(before=lambda: asyncio.sleep(30)) if c == "c1" else None)
    async with serving(app) as url:
        async with MusterClient(url) as muster:
            rows = aiter(rows_of(muster).rows())
            await anext(rows)
        assert muster._session._shared.background == set()
        with pytest.raises(asyncio.CancelledError):
            await rows._walk._ahead


@pytest.mark.parametrize("where", [{"next": None, "has_more": True}, {"next": "c1", "has_more": True}])
async def test_a_page_that_would_lose_or_repeat_rows_is_unreadable(where: dict[str, object]) -> None:
    broken = Reply(json={"items": [{"n": 2}], "page": {**where, "limit": 1}})
    app = three_pages(lambda cursor, n: broken if cursor == "c1" else None)
    async with serving(app) as url, MusterClient(url) as muster:
        with pytest.raises(Unreadable):
            [row async for row in rows_of(muster).rows()]


async def test_a_page_that_is_no_page_is_unreadable() -> None:
    for broken in (
        Reply(body=b"<html>"),
        Reply(json={"items": []}),
        Reply(json={"rows": []}),
        Reply(body=b""),
    ):
        async with serving(Scripted([broken])) as url, MusterClient(url) as muster:
            with pytest.raises(Unreadable):
                await rows_of(muster).rows()


async def test_completeness_of_the_latest_page_and_of_every_page_when_required() -> None:
    fake = FakeMuster()
    gap = Meta(complete=False, incomplete_reasons=["site Villas is 3 days behind"])
    fake.listing("/v1/rows", [Row(n=n) for n in range(3)], limit=2, meta=gap)
    async with fake.client() as muster:
        rows = aiter(rows_of(muster).rows())
        assert [row.n async for row in rows] == [0, 1, 2]
        assert rows.meta is not None
        assert rows.meta.incomplete_reasons == ["site Villas is 3 days behind"]
        with pytest.raises(IncompleteData, match="3 days behind") as caught:
            await rows_of(muster).rows(options=CallOptions(require_complete=True))
    assert len(caught.value.answer.items) == 2


@given(count=st.integers(0, 30), limit=st.integers(1, 12), stop=st.integers(0, 30))
async def test_stopping_anywhere_and_resuming_gives_every_row(count: int, limit: int, stop: int) -> None:
    fake = FakeMuster()
    fake.listing("/v1/rows", [Row(n=n) for n in range(count)], limit=limit)
    async with fake.client() as muster:
        async with aiter(rows_of(muster).rows(limit=limit)) as rows:
            found = [(await anext(rows)).n for _ in range(min(stop, count))]
            cursor = rows.cursor
        rest = [row.n async for row in rows_of(muster).rows(limit=limit, cursor=cursor)]
    assert sorted({*found, *rest}) == list(range(count))
    assert len(found) + len(rest) <= count + limit
