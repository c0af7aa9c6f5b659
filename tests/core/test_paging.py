"""Keyset pages: every row once whatever happens in between; cursors that cannot be forged or reused."""

import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import BigInteger, Column, Date, MetaData, Table, Text, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from service.core.errors import BadRequest, Gone
from service.core.paging import Cursors, Paging, SortKey, count_up_to, filter_hash, next_link
from service.schemas.envelope import PageAsk

CURSORS = Cursors(["k" * 32])
THINGS = Table("thing", MetaData(), Column("id", BigInteger), Column("name", Text), Column("day", Date))
BY_NAME = (SortKey("name", THINGS.c.name), SortKey("id", THINGS.c.id))
MIXED = (SortKey("day", THINGS.c.day, descending=True), SortKey("name", THINGS.c.name), BY_NAME[1])
NEWEST = (SortKey("day", THINGS.c.day, descending=True), SortKey("id", THINGS.c.id, descending=True))

VALUES = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        st.integers(-(2**53), 2**53),
        st.datetimes(timezones=st.just(UTC)),
        st.dates(),
        st.decimals(allow_nan=False, allow_infinity=False),
        st.uuids(),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


class ThingsAsk(PageAsk):
    """A filter beside the page."""

    name: str | None = None


@given(VALUES)
def test_a_cursor_brings_its_place_back(place: list[Any]) -> None:
    assert CURSORS.verify(CURSORS.sign(place, "f"), "f") == tuple(place)


@given(st.data())
def test_no_changed_cursor_is_taken(data: st.DataObject) -> None:
    cursor = CURSORS.sign(["Villas", 7], "f")
    place = data.draw(st.integers(0, len(cursor) - 1))
    letter = data.draw(st.sampled_from("ABCxyz019-_."))
    changed = cursor[:place] + letter + cursor[place + 1 :]
    try:
        read = CURSORS.verify(changed, "f")
    except BadRequest:
        return
    assert read == ("Villas", 7)  # the same letter, or bits of base64 that mean nothing


@given(st.text(max_size=60))
def test_noise_is_a_bad_cursor(noise: str) -> None:
    with pytest.raises(BadRequest):
        CURSORS.verify(noise, "f")


def test_a_cursor_belongs_to_its_filters_and_keys() -> None:
    cursor = CURSORS.sign([1], "f")
    for cursors, filters in ((CURSORS, "g"), (Cursors(["other" * 8]), "f")):
        with pytest.raises(BadRequest):
            cursors.verify(cursor, filters)


def test_old_keys_verify_and_the_first_signs() -> None:
    old, both, new = Cursors(["old" * 12]), Cursors(["new" * 12, "old" * 12]), Cursors(["new" * 12])
    assert both.verify(old.sign([1], "f"), "f") == (1,)
    assert new.verify(both.sign([2], "f"), "f") == (2,)


def test_an_old_cursor_is_gone() -> None:
    with pytest.raises(Gone) as caught:
        Cursors(["k" * 32], lifetime=timedelta(seconds=-1)).verify(CURSORS.sign([1], "f"), "f")
    assert caught.value.code == "cursor_expired"


def test_q6_a_clock_set_back_expires_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    cursor, now = CURSORS.sign([1], "f"), time.time()
    monkeypatch.setattr(time, "time", lambda: now - 86_400)
    assert CURSORS.verify(cursor, "f") == (1,)


def test_limits_are_refused_not_clamped() -> None:
    for limit in (0, 1001):
        with pytest.raises(ValidationError):
            PageAsk(limit=limit)
    assert PageAsk().limit == 100


def test_the_filter_hash_ignores_the_page() -> None:
    same = filter_hash("things", ThingsAsk(name="a", limit=5, cursor="x", include="total"), BY_NAME)
    assert same == filter_hash("things", ThingsAsk(name="a"), BY_NAME)
    others = [
        filter_hash("things", ThingsAsk(name="b"), BY_NAME),
        filter_hash("others", ThingsAsk(name="a"), BY_NAME),
        filter_hash("things", ThingsAsk(name="a"), NEWEST),
    ]
    assert same not in others
    assert len(set(others)) == 3


def test_the_next_link_keeps_the_filters() -> None:
    link = next_link("http://h/v1/things?name=a+b&cursor=old&limit=2", "new")["Link"]
    assert link == '<http://h/v1/things?name=a+b&limit=2&cursor=new>; rel="next"'
    assert next_link("http://h/v1/things", None) == {}


async def filled(connection: AsyncConnection, rows: int = 57) -> None:
    """A table with ties in every column but the id."""
    await connection.execute(text("CREATE TEMP TABLE thing (id bigint, name text, day date) ON COMMIT DROP"))
    await connection.execute(
        text(
            "INSERT INTO thing SELECT n, 'name ' || n % 5, DATE '2026-10-01' + (n % 3)::int "
            "FROM generate_series(1, :rows) n"
        ),
        {"rows": rows},
    )


async def walk(connection: AsyncConnection, keys: tuple[SortKey, ...], limit: int) -> list[int]:
    """The ids of all pages."""
    found: list[int] = []
    cursor: str | None = None
    while True:
        paging = Paging(CURSORS, PageAsk(limit=limit, cursor=cursor), "things", keys)
        rows = (await connection.execute(paging.narrow(select(THINGS)))).all()
        shown, page = paging.page(rows)
        found += [row.id for row in shown]
        cursor = page.next
        if not page.has_more:
            assert cursor is None
            return found


@pytest.mark.parametrize("keys", [BY_NAME, MIXED, NEWEST])
@pytest.mark.parametrize("limit", [1, 19, 56, 57, 58])
async def test_every_row_once_in_order(
    connection: AsyncConnection, keys: tuple[SortKey, ...], limit: int
) -> None:
    await filled(connection)
    order = [key.column.desc() if key.descending else key.column.asc() for key in keys]
    expected = (await connection.execute(select(THINGS.c.id).order_by(*order))).scalars().all()
    assert await walk(connection, keys, limit) == list(expected)


async def test_rows_that_come_and_go_disturb_nobody(connection: AsyncConnection) -> None:
    await filled(connection, 10)
    first = Paging(CURSORS, PageAsk(limit=4), "things", (BY_NAME[1],))
    shown, page = first.page((await connection.execute(first.narrow(select(THINGS)))).all())
    await connection.execute(text("DELETE FROM thing WHERE id IN (2, 4)"))
    await connection.execute(text("INSERT INTO thing VALUES (0, 'new', DATE '2026-10-01')"))
    second = Paging(CURSORS, PageAsk(limit=4, cursor=page.next), "things", (BY_NAME[1],))
    rest, _ = second.page((await connection.execute(second.narrow(select(THINGS)))).all())
    assert [row.id for row in shown] + [row.id for row in rest] == [1, 2, 3, 4, 5, 6, 7, 8]


async def test_a_count_says_when_it_is_capped(connection: AsyncConnection) -> None:
    await filled(connection)
    assert await count_up_to(connection, select(THINGS)) == (57, False)
    assert await count_up_to(connection, select(THINGS).order_by(THINGS.c.id), cap=57) == (57, False)
    assert await count_up_to(connection, select(THINGS), cap=56) == (56, True)


def test_a_cursor_of_another_order_is_refused() -> None:
    place = [date(2026, 10, 1), Decimal("1.5"), UUID(int=7), datetime(2026, 10, 1, tzinfo=UTC)]
    ask = PageAsk(cursor=CURSORS.sign(place, filter_hash("things", PageAsk(), BY_NAME)))
    with pytest.raises(BadRequest):
        Paging(CURSORS, ask, "things", BY_NAME)
    with pytest.raises(TypeError):
        CURSORS.sign([object()], "f")
    with pytest.raises(ValueError, match="secret"):
        Cursors([])
