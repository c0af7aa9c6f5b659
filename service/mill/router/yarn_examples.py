"""Examples of yarns, suppliers and receipts for OpenAPI: those of spec F-58, F-40 and B.4."""

from typing import Any, Final

from service.reporting.route_responses import page_of

DATA: Final[dict[str, Any]] = {"as_of": "2025-09-03", "complete": True, "reasons": []}
ITEM: Final[dict[str, Any]] = {
    "yarn_code": "Y1",
    "description": "1/150/36 POLY SEMI-DULL",
    "color": "NATURAL",
    "blend": "100% POLY",
    "material": "POLY",
    "size": "1/150/36",
    "supplier": "SUP-A",
    "customer": None,
    "active": True,
    "status": "active",
    "theoretical_balance_lb": "1000.0000",
    "allocated_lb": "-200.0000",
    "on_order_lb": "300.0000",
    "planning_balance_lb": "1100.0000",
    "min_stock_lb": "1200.0000",
    "shortage_lb": "100.0000",
    "risk": "LOW",
    "cost_per_lb": "4.2500",
    "row_version": 7,
}
YARN: Final[dict[str, Any]] = {
    "yarn_code": "Y1",
    "description": "1/150/36 POLY SEMI-DULL",
    "color": "NATURAL",
    "blend": "100% POLY",
    "material": "POLY",
    "fibre_form": "filament",
    "size": "1/150/36",
    "tex": "16.6667",
    "supplier": "SUP-A",
    "customer": None,
    "cost_per_lb": "4.2500",
    "min_stock_lb": "1200.0000",
    "safety_stock_lb": "0.0000",
    "moq_lb": "100.0000",
    "order_multiple_lb": "50.0000",
    "order_max_lb": "0.0000",
    "lead_time_days": None,
    "lead_days": 14,
    "lead_source": "default",
    "status": "active",
    "active": True,
    "row_version": 7,
    "data": DATA,
}
BALANCE: Final[dict[str, Any]] = {
    "yarn_code": "Y1",
    "as_of": "2025-09-03",
    "unit": "lb",
    "beginning_balance": "1000.0000",
    "received": "0.0000",
    "consumed": "0.0000",
    "adjustments": "0.0000",
    "misc": "0.0000",
    "theoretical_balance": "1000.0000",
    "allocated": "-200.0000",
    "on_order": "300.0000",
    "planning_balance": "1100.0000",
    "available_now": "800.0000",
    "min_stock": "1200.0000",
    "shortage": "100.0000",
    "risk": "LOW",
    "balance_score": "0.00",
    "criticality_score": 10,
    "criticality": "LOW",
    "weekly_demand": "25.0000",
    "weeks_of_supply": {"value": "40.00", "mean": "40.00", "method": "allocated", "reason": None},
    "first_short_on": None,
    "first_short_lb": None,
    "culprits": [],
    "row_version": 7,
    "data": {
        "as_of": "2025-09-03",
        "complete": False,
        "reasons": ["no plan was made: first short days and the demand by week are not known"],
    },
}
TIMELINE: Final[dict[str, Any]] = {
    "yarn_code": "Y9",
    "as_of": "2025-09-03",
    "unit": "lb",
    "policy": "exclude",
    "level": "0.0000",
    "opening": "1000.0000",
    "past_due_receipts": "300.0000",
    "later_receipts": "0.0000",
    "later_demand": "0.0000",
    "undated_demand": "0.0000",
    "weeks": [
        {
            "bucket": 0, "week_start": "2025-09-01", "iso_week": "2025-W36", "receipts": "0.0000",
            "demand": "600.0000", "balance": "400.0000", "shortage": "0.0000", "new_shortage": "0.0000",
        },
        {
            "bucket": 1, "week_start": "2025-09-08", "iso_week": "2025-W37", "receipts": "0.0000",
            "demand": "700.0000", "balance": "-300.0000", "shortage": "300.0000",
            "new_shortage": "300.0000",
        },
    ],
    "first_shortage": {"bucket": 1, "quantity": "300.0000"},
    "recovery": None,
    "to_buy": "300.0000",
    "actions": [
        {
            "action": "EXPEDITE", "from_bucket": 2, "to_bucket": 1, "quantity": "300.0000", "receipt": 17,
            "release_date": None, "days_late": 0,
        }
    ],
    "demand_of": "plan 41",
    "check": {
        "closing": "900.0000", "planning_balance": "900.0000", "difference": "0.0000", "explained_by": {},
        "agrees": True,
    },
    "data": DATA,
}  # fmt: skip
SUPPLIER: Final[dict[str, Any]] = {
    "supplier_code": "SUP-A",
    "name": "Supplier A",
    "origin": "domestic",
    "lead_time_days": None,
    "moq_lb": "100.0000",
    "active": True,
    "yarns": 12,
    "single_source_yarns": 9,
    "open_lb": "1200.0000",
    "past_due_lb": "300.0000",
    "past_due_percent": "25.00",
}
RECEIPT: Final[dict[str, Any]] = {
    "receipt": 17,
    "po_no": "PO-5001",
    "line_no": 1,
    "yarn_code": "90001",
    "supplier": "SUP-A",
    "kind": "dated",
    "due_date": "2025-09-12",
    "days_late": None,
    "quantity_lb": "500.0000",
    "price_per_lb": "4.2500",
}


def page_with_data(item: dict[str, Any]) -> dict[str, Any]:
    """A list with one item."""
    page = page_of(item)
    return {"items": page["items"], "page": page["page"], "data": DATA}
