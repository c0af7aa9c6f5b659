"""Examples of plans for OpenAPI: those of spec F-58."""

from typing import Any, Final

from service.reporting.route_responses import page_of

DATA: Final[dict[str, Any]] = {
    "plan": 41,
    "kind": "plan",
    "as_of": "2025-09-03",
    "complete": False,
    "reasons": ["NO_STOCK_ROW: nobody ever counted it: taken as none"],
    "assumptions": [{"parameter": "production_lead_days", "value": 0}],
    "rules_version": "mill-parameters/2025-01-01T00:00:00+00:00",
}
RUN: Final[dict[str, Any]] = {
    "id": 41,
    "run_id": "0b8f6d3e-7a55-4f0e-9a3b-5f6f6f1f9c11",
    "link": "/v1/mill/plan-runs/41",
    "kind": "plan",
    "status": "done",
    "progress": {"done": 4, "total": 4, "unit": "steps", "message": "done"},
    "as_of": "2025-09-03",
    "published": False,
    "params": {"kind": "plan", "mode": "independent"},
    "assumptions": DATA["assumptions"],
    "gates": [
        {
            "code": "NO_STOCK_ROW", "severity": "warning", "message": "nobody ever counted it: taken as none",
            "pounds_lb": "600.0000", "count": 1, "subjects": ["Y3"],
        },
    ],
    "stats": {"orders": 3, "yarns": 3, "short_yarns": 1, "bom_coverage": "1.000000"},
    "input_hash": "9d1f0c5a",
    "data_versions": {"parameters": DATA["rules_version"]},
    "error": None,
    "requested_by": "key:ab12cd34",
    "queued_at": "2025-09-03T05:30:00Z",
    "started_at": "2025-09-03T05:30:00Z",
    "finished_at": "2025-09-03T05:30:01Z",
    "data": DATA,
}  # fmt: skip
QUEUED: Final[dict[str, Any]] = {
    **RUN,
    "status": "queued",
    "progress": {},
    "gates": [],
    "stats": {},
    "assumptions": [],
    "input_hash": None,
    "data_versions": {},
    "started_at": None,
    "finished_at": None,
    "data": {
        **DATA, "reasons": ["the plan is queued"], "assumptions": [], "rules_version": None,
    },
}  # fmt: skip
WEEK: Final[dict[str, Any]] = {
    "yarn": "Y1",
    "bucket": 1,
    "week_start": "2025-09-08",
    "iso_week": "2025-W37",
    "receipts_lb": "500.0000",
    "demand_lb": "367.7100",
    "balance_lb": "232.2900",
    "shortage_lb": "0.0000",
    "new_shortage_lb": "0.0000",
    "planned_lb": "0.0000",
    "available_lb": "232.2900",
}
ACTION: Final[dict[str, Any]] = {
    "seq": 1,
    "key": "Y3/RELEASE/2025-09-01",
    "action": "RELEASE",
    "item": "Y3",
    "yarn": "Y3",
    "quantity_lb": "600.0000",
    "receipt_id": None,
    "purchase_order": None,
    "substitute": None,
    "from_date": None,
    "to_date": "2025-09-01",
    "release_date": "2025-09-03",
    "days_late": 21,
    "trigger": {"balance": "-600.0000", "missing": "600.0000", "safety_stock": "0.0000"},
    "state": "open",
    "assignee": None,
    "note": None,
    "decided_by": None,
    "decided_at": None,
    "row_version": 1,
}
REQUIREMENT: Final[dict[str, Any]] = {
    "yarn": "Y1",
    "order": "O1",
    "path": "F1>G1",
    "need_date": "2025-09-11",
    "bucket": 1,
    "gross_lb": "367.7100",
}
PEG: Final[dict[str, Any]] = {
    "seq": 1,
    "yarn": "Y1",
    "supply": "stock",
    "receipt_id": None,
    "purchase_order": None,
    "supply_date": None,
    "order": "O3",
    "need_date": "2025-09-06",
    "quantity_lb": "300.0000",
    "days_late": 0,
}
ALLOCATION: Final[dict[str, Any]] = {
    "yarn": "Y1",
    "order": "O2",
    "part": 1,
    "kind": "soft",
    "required_lb": "600.0000",
    "quantity_lb": "332.2900",
    "receipt_id": None,
    "available_on": None,
    "reason": "SHORT",
}
ORDER: Final[dict[str, Any]] = {
    "seq": 1,
    "order": "O3",
    "kind": "firm",
    "style": "G2",
    "quantity_lb": "500.0000",
    "priority": 1,
    "status": "pending",
    "start_date": None,
    "due_date": "2025-09-06",
    "need_date": "2025-09-06",
    "machine": None,
    "plannable": True,
    "reason": None,
    "bom_status": "ok",
    "kit_status": "SHORT",
    "coverage": "0.000000",
    "ready_on": None,
    "serves": [],
}
YARN: Final[dict[str, Any]] = {
    "yarn": "Y3",
    "known": False,
    "opening_lb": "0.0000",
    "allocated_lb": "0.0000",
    "on_order_lb": "0.0000",
    "planning_balance_lb": "0.0000",
    "min_stock_lb": "0.0000",
    "safety_stock_lb": "0.0000",
    "past_due_lb": "0.0000",
    "dated_lb": "0.0000",
    "later_lb": "0.0000",
    "gross_lb": "600.0000",
    "undated_lb": "0.0000",
    "beyond_lb": "0.0000",
    "planned_lb": "600.0000",
    "first_short_on": "2025-09-03",
    "first_short_lb": "400.0000",
    "largest_short_lb": "600.0000",
    "lead_days": 21,
    "lead_source": "default:unknown",
    "weeks_of_supply": {"value": "0.0000", "mean": "0.0000", "method": "dated_demand", "reason": None},
    "culprits": [{"order": "O2", "need_lb": "400.0000", "short_lb": "400.0000"}],
    "sufferers": [
        {"order": "O3", "need_lb": "200.0000", "short_lb": "200.0000"},
        {"order": "O2", "need_lb": "400.0000", "short_lb": "400.0000"},
    ],
    "reasons": ["NO_STOCK_ROW"],
}


def page_with_data(item: dict[str, Any]) -> dict[str, Any]:
    """A list with one such item, and what it stands on."""
    page = page_of(item)
    return {"items": page["items"], "page": page["page"], "data": DATA}


def page_without_meta(item: dict[str, Any]) -> dict[str, Any]:
    """A list with one such item."""
    page = page_of(item)
    return {"items": page["items"], "page": page["page"]}
