"""Every kind of file (E.8); one of several shapes is declared once for each, and its header tells which."""

from collections.abc import Mapping
from typing import Final

from service.mill.files.kind import Kind
from service.mill.files.kinds.demand import (
    FORECASTS,
    OPEN_SALES,
    SALES,
    YARN_DEMAND,
    YARN_DEMAND_BY_ORDER,
)
from service.mill.files.kinds.masters import BOM_STYLE_MAP, MACHINES, RATES, STYLE_MAP, STYLES, SUPPLIERS
from service.mill.files.kinds.orders import KNIT_ORDERS
from service.mill.files.kinds.receipts import EXPECTED_RECEIPTS, YARN_PO
from service.mill.files.kinds.recipes import BOM
from service.mill.files.kinds.rolls import ROLLS_OF_A_STAGE, STAGE_INVENTORY
from service.mill.files.kinds.stock import YARN_INVENTORY

SHAPES: Final[Mapping[str, tuple[Kind, ...]]] = {
    "yarn_inventory": (YARN_INVENTORY,),
    "bom": (BOM,),
    "knit_orders": (KNIT_ORDERS,),
    "expected_receipts": (EXPECTED_RECEIPTS,),
    "yarn_po": (YARN_PO,),
    "yarn_demand": (YARN_DEMAND, YARN_DEMAND_BY_ORDER),
    "sales": (SALES, OPEN_SALES),
    "style_map": (STYLE_MAP, BOM_STYLE_MAP),
    "styles": (STYLES,),
    "machines": (MACHINES,),
    "rates": (RATES,),
    "suppliers": (SUPPLIERS,),
    "stage_inventory": (STAGE_INVENTORY, ROLLS_OF_A_STAGE),
    "forecasts": (FORECASTS,),
}
