"""What planners set for a yarn: least stock, safety stock, lots, lead time."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from service.access.answering import require_version
from service.access.audit import record
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import Conflict, NotFound
from service.core.versions import raise_versions
from service.mill.queries import scopes
from service.mill.queries.setting_yarns import lock_yarn, put_yarn
from service.schemas.mill.yarns import YarnChangeAsk

_OF_STOCK: Final = "min_stock_lb"


async def change_yarn(
    conn: WriteConnection, caller: Caller, code: str, asked: YarnChangeAsk, if_match: str | None
) -> Mapping[str, int]:
    """The versions raised.

    Raises `NotFound`, `PreconditionRequired`, `PreconditionFailed`, and `Conflict` for a least stock of a
    yarn that the inventory has no row of.
    """
    before = await lock_yarn(conn, code)
    if before is None:
        raise NotFound(f"there is no yarn {code}", code="yarn_not_found")
    require_version(before.row_version, if_match)
    changes = asked.changes
    if _OF_STOCK in changes and before.min_stock_lb is None:
        detail = f"the inventory has no row of the yarn {code}: a least stock is of what is counted"
        raise Conflict(detail, code="no_stock_row")
    await put_yarn(conn, before.id, changes)
    await record(
        conn, caller, "mill.yarn_set", f"yarn:{code}",
        before={name: _json(getattr(before, name)) for name in changes},
        after={name: _json(value) for name, value in changes.items()} | {"reason": asked.reason},
    )  # fmt: skip
    return await raise_versions(conn, [scopes.STOCK])


def _json(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
