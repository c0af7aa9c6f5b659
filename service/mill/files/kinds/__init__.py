"""Every kind of file (E.8); one of several shapes is declared once for each, and its header tells which."""

from collections.abc import Mapping
from typing import Final

from service.mill.files.kind import Kind
from service.mill.files.kinds.orders import KNIT_ORDERS
from service.mill.files.kinds.receipts import EXPECTED_RECEIPTS, YARN_PO
from service.mill.files.kinds.recipes import BOM
from service.mill.files.kinds.stock import YARN_INVENTORY

SHAPES: Final[Mapping[str, tuple[Kind, ...]]] = {
    "yarn_inventory": (YARN_INVENTORY,),
    "bom": (BOM,),
    "knit_orders": (KNIT_ORDERS,),
    "expected_receipts": (EXPECTED_RECEIPTS,),
    "yarn_po": (YARN_PO,),
}
