"""The data versions that rows of the desk stand on: one for each kind of data a file or decision changes."""

from typing import Final

STOCK: Final = "mill/stock"
"""Yarns, suppliers, substitutes, what lies in store."""
RECIPES: Final = "mill/recipes"
"""Styles, their other names, recipes."""
ORDERS: Final = "mill/orders"
"""Knit orders, forecasts, sales, fabric in stages."""
RECEIPTS: Final = "mill/receipts"
"""Purchase orders and what they still bring; the mill's own weekly report."""
PLANT: Final = "mill/plant"
"""Machines, work centres, calendars, rates."""
ALLOCATIONS: Final = "mill/allocations"
"""What is promised to orders."""
PARAMETERS: Final = "mill/parameters"
"""Planning parameters."""
PLANS: Final = "mill/plans"
"""Planning runs, what was decided about their advice, which one is published."""
IMPORTS: Final = "mill/imports"
"""Files that were read."""

PLANNED: Final = (STOCK, RECIPES, ORDERS, RECEIPTS, PLANT, ALLOCATIONS, PARAMETERS)
"""Everything that a plan stands on."""
ALL: Final = (*PLANNED, PLANS, IMPORTS)
