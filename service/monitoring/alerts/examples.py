"""What OpenAPI shows of alerts."""

from typing import Any, Final

SOURCE: Final[dict[str, Any]] = {
    "kind": "report",
    "desk": "attendance",
    "report": "exceptions",
    "params": {"kind": "missing_punch"},
    "value": "rows",
}
ASK: Final[dict[str, Any]] = {
    "name": "Missing punches before pay day",
    "source": SOURCE,
    "comparison": ">",
    "threshold": 0,
    "for_seconds": 600,
    "severity": "warning",
    "channels": [{"channel": "email", "target": "payroll@example.com"}],
}
RULE: Final[dict[str, Any]] = {
    **ASK,
    "id": "5b1f0a52-6a0c-4f0e-8d1b-0a3f3d9c7b10",
    "clear_at": None,
    "flag": None,
    "enabled": True,
    "silenced_until": None,
    "silenced_because": None,
    "version": 3,
    "created_by": "key:ab12cd34",
    "created_at": "2026-10-20T09:15:00Z",
    "changed_at": "2026-10-21T08:00:00Z",
    "state": "firing",
    "state_since": "2026-11-01T06:30:00Z",
    "value": 4.0,
    "unit": "",
    "detail": "rows of attendance/exceptions: 4; as of 2026-11-01T06:29:30Z, complete",
    "evaluated_at": "2026-11-01T06:40:30Z",
}
NEW: Final[dict[str, Any]] = {
    **RULE,
    "channels": [{"channel": "webhook", "target": "https://payroll.example.com/alerts"}],
    "secret": "whs_u9xYk0Vw3nq8Tq1hS2mZpLr6bE4dC7fA",
}
EVENT: Final[dict[str, Any]] = {
    "id": 81,
    "at": "2026-11-01T06:30:00Z",
    "state": "firing",
    "value": 4.0,
    "threshold": 0.0,
    "detail": "rows of attendance/exceptions: 4; as of 2026-11-01T06:29:30Z, complete",
    "told": [
        {
            "channel": "email",
            "target": "payroll@example.com",
            "state": "delivered",
            "attempts": 1,
            "detail": None,
            "at": "2026-11-01T06:30:01Z",
            "retry_at": None,
        }
    ],
}
VERDICT: Final[dict[str, Any]] = {
    "value": 4.0,
    "unit": "",
    "detail": "rows of attendance/exceptions: 4; as of 2026-11-01T06:29:30Z, complete",
    "beyond": True,
    "state": "ok",
    "next_state": "pending",
    "as_of": "2026-11-01T06:30:00Z",
}
FIGURES: Final[dict[str, Any]] = {
    "figures": [{"name": "p95_ms", "title": "95 % of answers within", "unit": "ms", "rollup": "quantile"}],
    "reports": [
        {
            "desk": "attendance",
            "report": "exceptions",
            "title": "Exceptions",
            "columns": [],
            "summary": ["missing_punch"],
        }
    ],
    "gaps": ["attendance"],
    "sources": [
        {
            "desk": "attendance",
            "source": "Employee Checkin",
            "complete_through": "2026-11-01T06:29:30Z",
        }
    ],
    "flags": ["response_cache"],
}
SILENCE: Final[dict[str, Any]] = {"until": "2026-11-02T06:00:00Z", "because": "the clock of Villas is mended"}


def page_of(example: dict[str, Any]) -> dict[str, Any]:
    """A list of one."""
    return {"items": [example], "page": {"next": None, "has_more": False, "limit": 100}, "meta": None}


def shown(example: dict[str, Any]) -> dict[str, Any]:
    """An example, as a response is documented."""
    return {"content": {"application/json": {"example": example}}}
