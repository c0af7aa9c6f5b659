"""What OpenAPI shows of statements."""

from collections.abc import Mapping
from typing import Any, Final

from service.reporting.desk import Desk

_DIGEST: Final = "4d1f7c4be2a9c04e3b5f7a0b0c3a4f1d9a1f5f0f6c2f8f1c4e2b7a9d0c6e5f31"
STATEMENT: Final[dict[str, Any]] = {
    "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "desk": "attendance",
    "report": "monthly-sheet",
    "title": "Monthly attendance sheet",
    "note": "payroll of October",
    "params": {"month": "2026-10", "site": "Villas", "rule_set": "recommended", "summarized": False},
    "period": {"from": "2026-10-01", "to": "2026-10-31"},
    "sites": ["Villas"],
    "row_count": 1,
    "complete": True,
    "sealed_by": "key:ab12cd34",
    "sealed_by_name": "payroll",
    "sealed_at": "2026-11-02T09:15:00Z",
    "read_from": "2026-11-02T09:14:59Z",
    "sha256": "9b3c0d5ef1a24c7e8f60718293a4b5c6d7e8f9010213243546576879808f9eab",
    "digests": {"items": _DIGEST},
    "withdrawn": None,
}
WITHDRAWN: Final[dict[str, Any]] = {
    **STATEMENT,
    "withdrawn": {
        "by": "key:ab12cd34",
        "at": "2026-11-03T10:00:00Z",
        "reason": "two late punches of the night shift are to be paid",
    },
}
_META: Final[dict[str, Any]] = {
    "as_of": "2026-11-01T06:30:00Z",
    "complete_through": {"Employee Checkin": "2026-11-01T06:30:00Z"},
    "complete": True,
    "timezone": "America/Mexico_City",
    "rules_version": "recommended/1",
    "data_version": "attendance/2026-10/Villas:1761978600000000",
    "generated_at": "2026-11-01T06:30:00Z",
}
_PAGE: Final[dict[str, Any]] = {"next": None, "has_more": False, "limit": 100}
LISTING: Final[dict[str, Any]] = {"items": [STATEMENT], "page": _PAGE, "meta": None}
SEALED: Final[dict[str, Any]] = {
    **STATEMENT,
    "items": [
        {
            "person": "HR-EMP-00044",
            "person_name": "Ana Pérez",
            "shift": "Day 08-17",
            "days": {"2026-10-07": "A"},
        }
    ],
    "summary": {"people": 1, "A": 1},
    "notes": [],
    "meta": _META,
    "sources": {
        "complete_through": {"Employee Checkin": "2026-11-01T06:30:00Z"},
        "data_versions": {"attendance/2026-10/Villas": 1761978600000000},
    },
}
CHECK: Final[dict[str, Any]] = {
    "id": STATEMENT["id"],
    "intact": True,
    "sha256": STATEMENT["sha256"],
    "computed": STATEMENT["sha256"],
    "differs": [],
}
CHANGES: Final[dict[str, Any]] = {
    "items": [
        {
            "kind": "changed",
            "key": {"person": "HR-EMP-00044", "shift": "Day 08-17"},
            "figure": "days.2026-10-07",
            "sealed": "A",
            "today": "P",
            "causes": [
                {
                    "code": "checkin_late",
                    "detail": "the check-in of 2026-10-07 08:02:11 came after the sealing",
                    "at": "2026-11-02T11:40:00Z",
                    "subject": "EMP-CKIN-10-2026-048211",
                    "link": "/v1/attendance/checkins?person=HR-EMP-00044&from=2026-10-07&to=2026-10-07",
                }
            ],
        }
    ],
    "summary": [{"figure": "A", "sealed": 1, "today": 0}],
    "page": _PAGE,
    "counts": {"changed": 1},
    "statement": STATEMENT,
    "meta": _META,
}


def ask_of(desk: Desk) -> Mapping[str, Any]:
    """How a desk's first report would be sealed."""
    report = desk.reports[0] if desk.reports else None
    asked = {} if report is None else dict(report.example.get("params", {}))
    return {"report": "" if report is None else report.name, "params": asked, "note": "for the record"}
