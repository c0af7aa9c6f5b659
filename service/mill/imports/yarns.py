"""Yarns that a file names and nobody knows: stubs that are not active, each told (B.5, YARN_UNKNOWN)."""

from service.mill.imports.work import Work
from service.mill.queries import incoming


async def tell_unknown(work: Work) -> None:
    """Every row whose yarn is none of ours."""
    for row in await incoming.select_unknown_yarns(work.conn):
        said = "No such yarn in the inventory: taken in, not active"
        work.tell(row.row_no, "yarn_code", "YARN_UNKNOWN", said, raw=row.yarn_code, used=row.yarn_code)


async def take_in(work: Work) -> None:
    """Make stubs of the yarns that are not known."""
    work.came["yarns_inserted"] += await incoming.insert_stub_yarns(work.conn)
