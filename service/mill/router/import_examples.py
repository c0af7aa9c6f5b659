"""Examples of imports: case F-76 of the specification."""

from typing import Any, Final

FILE: Final = """Desc#,Beginning Balance,Received,Consumed,On Order,Allocated,Planning Balance
90001,"6,400.50",,"(3,950.25)","1,200.00","(800.00)","2,850.25"
90004,100,,,0,200,
"""
ERRORS: Final[list[dict[str, Any]]] = [
    {
        "row": 4,
        "column": "Allocated",
        "code": "ALLOC_SIGN",
        "severity": "warning",
        "raw": "200",
        "used": "-200",
        "action": "repaired",
        "message": "Allocated must be zero or negative; sign reversed",
    },
    {
        "row": 5,
        "column": "On Order",
        "code": "NUM_FORMAT",
        "severity": "error",
        "raw": "1.234,50",
        "used": None,
        "action": "rejected",
        "message": "Not a number (use 1,234.50)",
    },
]
LINE: Final[dict[str, Any]] = {
    **ERRORS[1],
    "original": ["90005", "100", "", "", "1.234,50", "0", ""],
}
REPORT: Final[dict[str, Any]] = {
    "job_id": 12,
    "run_id": "0b8f6d3e-7a55-4f0e-9a3b-5f6f6f1f9c11",
    "kind": "yarn_inventory",
    "mode": "lenient",
    "status": "done",
    "file": "inventory.csv",
    "sha256": "5f0c6d0f3f6a1e5b9f5f2c1c3bb4c2cf9b7d0f2a5a7c1f6a0f8b8f1b4f3e2d1c",
    "snapshot_date": "2025-09-03",
    "rows_read": 6,
    "rows_ok": 2,
    "rows_repaired": 2,
    "rows_rejected": 2,
    "errors": ERRORS,
    "totals": {"theoretical_balance": "3210.6500", "planning_balance": "3310.6500"},
    "counts": {"ALLOC_SIGN": 1, "KEY_MISSING": 1, "NUM_FORMAT": 1, "NUM_TEXT": 5, "PB_MISMATCH": 1},
    "messages": 9,
    "messages_kept": 9,
    "messages_link": "/v1/mill/imports/12/errors",
    "stored": {"written": 4, "vanished": 0},
    "strict_errors": 4,
    "in_force": True,
    "repeated": False,
    "requested_by": "run:0b8f6d3e-7a55-4f0e-9a3b-5f6f6f1f9c11",
    "created_at": "2025-09-03T12:00:00Z",
    "finished_at": "2025-09-03T12:00:01Z",
    "options": {},
}
RUN: Final[dict[str, Any]] = {
    "id": "0b8f6d3e-7a55-4f0e-9a3b-5f6f6f1f9c11",
    "job": "mill.import",
    "scope": "mill.import/yarn_inventory",
    "state": "queued",
    "params": {
        "kind": "yarn_inventory",
        "mode": "lenient",
        "snapshot_date": "2025-09-03",
        "name": "inventory.csv",
        "upload": "0b8f6d3e7a554f0e9a3b5f6f6f1f9c11.csv",
    },
    "progress": {"done": 0, "total": None, "unit": "rows"},
    "counts": {},
    "requested_by": "key:ab12cd34",
    "created_at": "2025-09-03T12:00:00Z",
    "starts": 0,
}
