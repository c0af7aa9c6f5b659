"""The desk's reports, each declared once."""

from typing import Any

from service.mill.reports.bom_checks import BOM_CHECKS
from service.mill.reports.data_quality import DATA_QUALITY
from service.mill.reports.forecast_shortages import FORECAST_SHORTAGES
from service.mill.reports.open_orders import OPEN_ORDERS
from service.mill.reports.order_list import ORDER_LIST
from service.mill.reports.planning_balance import PLANNING_BALANCE
from service.mill.reports.procurement import PROCUREMENT
from service.mill.reports.receipts import RECEIPTS
from service.mill.reports.requirements import REQUIREMENTS
from service.mill.reports.safety_stock import SAFETY_STOCK
from service.mill.reports.shortages import SHORTAGES
from service.mill.reports.stock_value import STOCK_VALUE
from service.mill.reports.style_costs import STYLE_COSTS
from service.mill.reports.yarn_weeks import YARN_WEEKS
from service.reporting.report import Report

REPORTS: tuple[Report[Any, Any], ...] = (
    SHORTAGES,
    PLANNING_BALANCE,
    STOCK_VALUE,
    STYLE_COSTS,
    FORECAST_SHORTAGES,
    SAFETY_STOCK,
    YARN_WEEKS,
    REQUIREMENTS,
    PROCUREMENT,
    ORDER_LIST,
    OPEN_ORDERS,
    RECEIPTS,
    BOM_CHECKS,
    DATA_QUALITY,
)
