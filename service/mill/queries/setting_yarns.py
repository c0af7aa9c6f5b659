"""What is set for a yarn by hand, held while it is changed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, text, update

from service.core.database import WriteConnection
from service.mill import models

_YARN = models.Yarn.__table__.c
_STOCK = models.YarnInventory.__table__.c
_LOCK = text("""
    SELECT y.id, y.row_version, y.safety_stock_lb, y.moq_lb, y.order_multiple_lb, y.order_max_lb,
           y.lead_time_days,
           (SELECT i.min_stock FROM mill.yarn_inventory i WHERE i.yarn_id = y.id) AS min_stock_lb
    FROM mill.yarns y WHERE y.yarn_code = :code FOR UPDATE OF y
""")


async def lock_yarn(conn: WriteConnection, code: str) -> Row[Any] | None:
    """The yarn as it stands, so that nobody else sets it meanwhile."""
    return (await conn.execute(_LOCK, {"code": code})).one_or_none()


async def put_yarn(conn: WriteConnection, key: int, changes: Mapping[str, Any]) -> None:
    """Set columns of the yarn; the least stock is of its row of the inventory."""
    own = {name: value for name, value in changes.items() if name != "min_stock_lb"}
    counted = {"row_version": _YARN.row_version + 1}
    await conn.execute(update(models.Yarn).where(_YARN.id == key).values(**own, **counted))
    if "min_stock_lb" in changes:
        stocked = {"min_stock": changes["min_stock_lb"], "row_version": _STOCK.row_version + 1}
        await conn.execute(update(models.YarnInventory).where(_STOCK.yarn_id == key).values(**stocked))
