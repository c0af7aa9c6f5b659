"""Examples of knit orders: spec F-73."""

from typing import Any, Final

from service.mill.router.allocation_examples import ALLOCATION, DATA, KIT, LINE

ORDER: Final[dict[str, Any]] = {
    "order_no": "KO-700001",
    "style_code": "GK1001/1",
    "status": "in_progress",
    "priority": 1,
    "demand_kind": "firm",
    "quantity_lb": "1800.0000",
    "produced_lb": "260.5000",
    "shipped_lb": "940.0000",
    "seconds_lb": "62.5000",
    "balance_lb": "662.0000",
    "completion_pct": "66.69",
    "over_shipped_pct": None,
    "start_date": "2025-08-18",
    "due_date": "2025-09-11",
    "scheduled_date": None,
    "days_until_due": 8,
    "late": False,
    "machine_code": "161",
    "customer": None,
    "sales_order": None,
    "closed_reason": None,
    "row_version": 3,
}
LISTED: Final[dict[str, Any]] = {
    "items": [ORDER],
    "page": {"next": None, "has_more": False, "limit": 100, "total": None, "total_capped": False},
    "as_of": "2025-09-03",
    "totals": {"count": 1, "quantity_lb": "1800.0000", "balance_lb": "662.0000", "late": 0},
    "data": DATA,
}
DETAIL: Final[dict[str, Any]] = {
    **ORDER,
    "as_of": "2025-09-03",
    "allocations": [ALLOCATION],
    "may_become": ["cancelled", "completed", "on_hold"],
    "data": DATA,
}
CHANGE_ASK: Final[dict[str, Any]] = {"status": "on_hold", "reason": "The customer waits for a lab dip."}
CHANGED: Final[dict[str, Any]] = {
    **ORDER,
    "status": "on_hold",
    "row_version": 4,
    "released": [{"allocation_id": 12, "yarn_code": "Y1", "kind": "soft", "quantity_lb": "100.0000"}],
    "stale_plan": 41,
}
FEASIBILITY: Final[dict[str, Any]] = {
    "order_no": "KO-700001",
    "style_code": "GK1001/1",
    "status": "in_progress",
    "as_of": "2025-09-03",
    "balance_lb": "150.0000",
    "need_date": "2025-09-06",
    "due_date": "2025-09-06",
    "reason": None,
    "held": None,
    "planned": KIT,
    "producible_lb": "100.0000",
    "first_shortage": {"yarn_code": "Y1", "short_lb": "50.0000", "needed_on": "2025-09-06"},
    "earliest_start": "2025-09-10",
    "days_late": 4,
    "risk": {
        "score": "40.00",
        "level": "MEDIUM",
        "delivery": "20.00",
        "quantity": 10,
        "production": 10,
        "material": 0,
        "reason": None,
    },
    "lines": [LINE],
    "assumptions": [],
    "data": DATA,
}
EXPLAINED: Final[dict[str, Any]] = {
    "subject": "order KO-700001",
    "value": "662.0000",
    "unit": "lb",
    "rule": "R5: max(0, quantity - produced - shipped + seconds); rejects are knitted again",
    "rule_version": "mill-parameters/defaults",
    "inputs": [
        {"name": "quantity_lb", "value": "1800.0000", "unit": "lb"},
        {"name": "produced_lb", "value": "260.5000", "unit": "lb"},
        {"name": "shipped_lb", "value": "940.0000", "unit": "lb"},
        {"name": "seconds_lb", "value": "62.5000", "unit": "lb"},
    ],
}
