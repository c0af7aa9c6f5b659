"""Examples of allocations: spec F-56."""

from typing import Any, Final

DATA: Final[dict[str, Any]] = {"as_of": "2025-09-03", "complete": True, "reasons": []}
LINE: Final[dict[str, Any]] = {
    "yarn_code": "Y1",
    "required_lb": "150.0000",
    "held_lb": "0.0000",
    "allocated_lb": "100.0000",
    "expected_lb": "50.0000",
    "short_lb": "50.0000",
    "reason": None,
    "expected": [
        {
            "receipt_id": 7,
            "po_no": "PO-5001",
            "quantity_lb": "50.0000",
            "available_on": "2025-09-10",
            "days_late": 4,
        }
    ],
}
KIT: Final[dict[str, Any]] = {
    "status": "PARTIAL",
    "coverage": "0.666667",
    "producible_lb": "100.0000",
    "ready_on": "2025-09-10",
    "missing": [],
}
STOCK: Final[dict[str, Any]] = {
    "yarn_code": "Y1",
    "theoretical_balance_lb": "100.0000",
    "held_lb": "0.0000",
    "allocated_lb": "100.0000",
    "left_lb": "0.0000",
}
PREVIEW_ASK: Final[dict[str, Any]] = {"orders": ["KO-700001"], "mode": "independent"}
PREVIEW: Final[dict[str, Any]] = {
    "as_of": "2025-09-03",
    "mode": "independent",
    "min_fraction": "0",
    "items": [
        {
            "order_no": "KO-700001",
            "style_code": "GK1001/1",
            "priority": 1,
            "due_date": "2025-09-06",
            "balance_lb": "150.0000",
            "reason": None,
            "kit": KIT,
            "lines": [LINE],
        }
    ],
    "yarns": [STOCK],
    "required_lb": "150.0000",
    "allocated_lb": "100.0000",
    "short_lb": "50.0000",
    "assumptions": [],
    "data": DATA,
}
COMMIT_ASK: Final[dict[str, Any]] = {
    "lines": [{"order": "KO-700001", "yarn": "Y1", "quantity_lb": "100.0000", "kind": "soft"}],
    "when_short": "remaining",
    "reason": "As previewed on Wednesday.",
}
ALLOCATION: Final[dict[str, Any]] = {
    "id": 12,
    "order_no": "KO-700001",
    "style_code": "GK1001/1",
    "yarn_code": "Y1",
    "kind": "soft",
    "required_lb": "150.0000",
    "quantity_lb": "100.0000",
    "receipt_id": None,
    "receipt_known": None,
    "available_on": None,
    "created_by": "person:3",
    "created_at": "2025-09-03T08:00:00Z",
    "released_at": None,
    "released_by": None,
    "release_reason": None,
}
RELEASED: Final[dict[str, Any]] = {
    **ALLOCATION,
    "released_at": "2025-09-04T08:00:00Z",
    "released_by": "person:3",
    "release_reason": "The order waits for its colour.",
}
COMMITTED: Final[dict[str, Any]] = {
    "lines": [
        {
            "order_no": "KO-700001",
            "yarn_code": "Y1",
            "kind": "soft",
            "asked_lb": "100.0000",
            "given_lb": "100.0000",
            "short_lb": "0.0000",
        }
    ],
    "items": [ALLOCATION],
    "yarns": [{**STOCK, "held_lb": "100.0000", "allocated_lb": "100.0000"}],
}
LISTED: Final[dict[str, Any]] = {
    "items": [ALLOCATION],
    "page": {"next": None, "has_more": False, "limit": 100, "total": None, "total_capped": False},
    "totals": {"count": 1, "quantity_lb": "100.0000"},
    "data": DATA,
}
