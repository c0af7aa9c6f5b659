"""Yarns of a file: stubs of those nobody knows (B.5, YARN_UNKNOWN), and what their sizes say (E.13)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from service.mill.imports.work import Work
from service.mill.queries import incoming
from service.mill.queries.yarn_sizes import put_sizes, select_size_texts
from service.mill.rules.sizes import Size, stated_size


async def tell_unknown(work: Work) -> None:
    """Every row whose yarn is none of ours."""
    for row in await incoming.select_unknown_yarns(work.conn):
        said = "No such yarn in the inventory: taken in, not active"
        work.tell(row.row_no, "yarn_code", "YARN_UNKNOWN", said, raw=row.yarn_code, used=row.yarn_code)


async def take_in(work: Work) -> None:
    """Make stubs of the yarns that are not known."""
    work.came["yarns_inserted"] += await incoming.insert_stub_yarns(work.conn)


async def measure(work: Work) -> None:
    """Weight and form of the file's yarns: substitutes and machine rates are found by them."""
    rows = await select_size_texts(work.conn)
    sizes = await work.compute.in_thread(_sizes, rows)
    await put_sizes(work.conn, [row.id for row in rows], sizes)


def _sizes(rows: Sequence[Row[Any]]) -> list[Size | None]:
    stated = (stated_size(row.size_raw, row.description) for row in rows)
    return [size if isinstance(size, Size) else None for size in stated]
