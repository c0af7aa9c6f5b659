"""All files of the ERP."""

from service.simulators.mill.files.demanded import demand_by_order, yarn_demand
from service.simulators.mill.files.making import bom, bom_levels, knit_orders, machines, rates, rolls, styles
from service.simulators.mill.files.materials import expected_receipts, suppliers, yarn_inventory, yarn_po
from service.simulators.mill.files.selling import open_sales, sales, style_map
from service.simulators.mill.files.table import Table
from service.simulators.mill.mill import Mill

_MAKERS = (
    suppliers, yarn_inventory, styles, style_map, bom, bom_levels, machines, rates, knit_orders,
    expected_receipts, yarn_po, yarn_demand, demand_by_order, open_sales,
)  # fmt: skip


def tables(mill: Mill) -> list[Table]:
    """All files of a mill, in an order in which they can be imported: what others refer to comes first."""
    stages = [rolls(mill, stage) for stage in mill.plan.counts.rolls]
    return [*(make(mill) for make in _MAKERS), *stages, *sales(mill)]
