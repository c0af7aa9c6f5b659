"""What OpenAPI shows of subscriptions."""

from typing import Any, Final

from service.reporting.desk import Desk

SUBSCRIPTION: Final[dict[str, Any]] = {
    "id": "5b1f0a52-6a0c-4f0e-8d1b-0a3f3d9c7b10",
    "desk": "attendance",
    "report": "monthly-sheet",
    "params": {"site": "Villas"},
    "format": "xlsx",
    "locale": "es",
    "delimiter": ",",
    "bom": False,
    "durations": "hms",
    "cron": "0 7 1 * *",
    "timezone": "America/Mexico_City",
    "channel": "webhook",
    "target": "https://payroll.example.com/reports",
    "sites": None,
    "state": "active",
    "detail": None,
    "failures": 0,
    "created_by": "key:ab12cd34",
    "created_at": "2026-10-20T09:15:00Z",
    "next_at": "2026-11-01T13:00:00Z",
    "last_run": None,
}
NEW: Final[dict[str, Any]] = {**SUBSCRIPTION, "secret": "whs_u9xYk0Vw3nq8Tq1hS2mZpLr6bE4dC7fA"}
ENDED: Final[dict[str, Any]] = {
    **SUBSCRIPTION,
    "state": "ended",
    "detail": "ended by key:ab12cd34",
    "next_at": None,
}
DELIVERY: Final[dict[str, Any]] = {
    "id": "d0b7c8a4-0a7c-4b0f-9a56-3d0f9a5b1c22",
    "due_at": "2026-11-01T13:00:00Z",
    "state": "delivered",
    "attempts": 1,
    "run": "0b8f6d3e-7a55-4f0e-9a3b-5f6f6f1f9c11",
    "detail": None,
    "file_name": "monthly-sheet_Villas_2026-10-01_2026-10-31_5b1f0a52_20261101T125512Z.xlsx",
    "size_bytes": 48213,
    "complete": True,
    "retry_at": None,
    "finished_at": "2026-11-01T13:00:04Z",
}


def page_of(example: dict[str, Any]) -> dict[str, Any]:
    """A list of one."""
    return {"items": [example], "page": {"next": None, "has_more": False, "limit": 100}, "meta": None}


def ask_of(desk: Desk) -> dict[str, Any]:
    """A request that this desk can be asked."""
    return {
        "report": desk.reports[0].name,
        "format": "xlsx",
        "cron": "0 7 1 * *",
        "timezone": "America/Mexico_City",
        "channel": "email",
        "target": "payroll@example.com",
    }
