"""Codes that a list or report is asked for: found, or refused with codes like them, never an empty list."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement

from service.core.database import ReadConnection
from service.mill import models
from service.reporting.named import near_names, require_name
from service.schemas.envelope import Ask

_PLANNED = models.PlanOrder.__table__.c
_CODES: Final[Mapping[str, tuple[str, ColumnElement[Any]]]] = {
    "yarn": ("yarn", models.Yarn.__table__.c.yarn_code),
    "supplier": ("supplier", models.Supplier.__table__.c.supplier_code),
    "style": ("style", models.Style.__table__.c.style_code),
    "order": ("order", models.ProductionOrder.__table__.c.order_no),
    "machine": ("machine", models.Machine.__table__.c.machine_code),
    "work_center": ("work centre", models.WorkCenter.__table__.c.code),
    "po": ("purchase order", models.PurchaseOrderLine.__table__.c.po_no),
}
"""By parameter: what it names, and where all of these stand."""


async def require_known(conn: ReadConnection, asked: Ask, *plans: int) -> None:
    """Raise `Invalid` for a code that names nothing. With `plans` an order is one that one of them saw."""
    for name, (what, column) in _CODES.items():
        code = getattr(asked, name, None)
        if code is None:
            continue
        if name == "order" and plans:
            among = [_PLANNED.run_id.in_(plans)]
            await require_name(
                conn, _PLANNED.order_no, code, pointer="/query/order", what="order of the plan", among=among
            )
        else:
            await require_name(conn, column, code, pointer=f"/query/{name}", what=what)


STUB: Final = "unknown"
"""Status of a style that only a file named: no style of the mill's (decision 343)."""


async def near_codes(conn: ReadConnection, name: str, code: str) -> list[str]:
    """Codes around one that there is not, of what the parameter `name` names."""
    among = [models.Style.__table__.c.status != STUB] if name == "style" else []
    return await near_names(conn, _CODES[name][1], code, among)
