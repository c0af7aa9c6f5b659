"""Realistic bodies and answers of reports about a child, for OpenAPI."""

from typing import Any, Final

_AUTHOR: Final = {"id": 13, "name": "Elena Conti", "role": "professional"}
ASK: Final[dict[str, Any]] = {
    "type": "progress",
    "from": "2025-05-31",
    "to": "2025-06-29",
    "content": {"executive_summary": "Dental visits are calmer, and last longer."},
}
CHANGE: Final[dict[str, Any]] = {"title": "Progress in June"}
TRANSITION: Final[dict[str, Any]] = {"to": "pending_review"}
CORRECTION: Final[dict[str, Any]] = {"note": "The session of 12 June was not this child's; it is voided."}
LISTED: Final[dict[str, Any]] = {
    "id": 52,
    "child_id": 7,
    "type": "progress",
    "title": "Progress 2025-05-31 – 2025-06-29",
    "status": "published",
    "author": _AUTHOR,
    "approver": {"id": 18, "name": "Marco Riva", "role": "professional"},
    "period_start": "2025-05-31T00:00:00Z",
    "period_end": "2025-06-30T00:00:00Z",
    "created_at": "2025-07-01T08:00:00Z",
    "submitted_at": "2025-07-01T09:00:00Z",
    "reviewed_at": "2025-07-02T10:00:00Z",
    "approved_at": "2025-07-02T10:00:00Z",
    "published_at": "2025-07-02T11:00:00Z",
    "version": 4,
}
FIGURES: Final[dict[str, Any]] = {
    "window": {
        "from": "2025-05-31",
        "to": "2025-06-29",
        "days": 30,
        "timezone": "UTC",
        "from_at": "2025-05-31T00:00:00Z",
        "to_at": "2025-06-30T00:00:00Z",
        "hours": 720.0,
    },
    "definitions_version": "1",
    "meta": {
        "as_of": "2025-07-01T08:00:00Z",
        "complete_through": {"sessions": "2025-06-24T08:00:00Z"},
        "complete": False,
        "incomplete_reasons": ["devices without network may still deliver sessions of the last 7 days"],
        "timezone": "UTC",
        "rules_version": "1",
        "data_version": "",
    },
    "sections": {"summary": {"total": 8, "finished": 7, "completed": 5, "completion_rate": 71.43}},
    "sessions": 8,
    "activities": 0,
}
REPORT: Final[dict[str, Any]] = {
    **LISTED,
    "content": ASK["content"],
    "figures": FIGURES,
    "statement_sha256": "9f2b0c7d4e1a5b6c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e",
    "intact": True,
}
DRAFT: Final[dict[str, Any]] = {
    **{name: REPORT[name] for name in REPORT if not name.endswith("_at") and name != "approver"},
    "created_at": "2025-07-01T08:00:00Z",
    "status": "draft",
    "statement_sha256": None,
    "intact": None,
    "version": 1,
}
REMOVED: Final[dict[str, Any]] = {"id": 52, "child_id": 7}
CHANGES: Final[dict[str, Any]] = {
    "report_id": 52,
    "child_id": 7,
    "intact": True,
    "items": [
        {
            "figure": "summary.score.mean",
            "sealed": 66.0,
            "today": 60.0,
            "causes": [
                {
                    "code": "session_voided",
                    "detail": "session 7 was voided, or left the window",
                    "at": "2025-07-05T09:00:00Z",
                    "subject": "7",
                    "link": "/v1/children/sessions/7",
                }
            ],
        }
    ],
    "page": {"next": None, "has_more": False, "limit": 1},
}
SHARE_ASK: Final[dict[str, Any]] = {"email": "school@example.org", "days": 14}
SHARE: Final[dict[str, Any]] = {
    "id": "0b8f6d3e-7a55-4f0e-9a3b-5f6f6f1f9c11",
    "report_id": 52,
    "child_id": 7,
    "shared_by": {"id": 1, "name": "Giulia Rossi", "role": "parent"},
    "created_at": "2025-07-03T08:00:00Z",
    "expires_at": "2025-07-17T08:00:00Z",
}
NEW_SHARE: Final[dict[str, Any]] = {
    **SHARE,
    "token": "Q2hpbGRyZW4tYXJlLW5vdC1mb3ItZXZlcnlib2R5LjE",
    "path": "/v1/children/shared-reports/Q2hpbGRyZW4tYXJlLW5vdC1mb3ItZXZlcnlib2R5LjE",
}
SHARED: Final[dict[str, Any]] = {
    "type": "progress",
    "title": LISTED["title"],
    "author": "Elena Conti",
    "child": "Emma",
    "period_start": LISTED["period_start"],
    "period_end": LISTED["period_end"],
    "published_at": LISTED["published_at"],
    "content": ASK["content"],
    "figures": FIGURES,
    "statement_sha256": REPORT["statement_sha256"],
    "intact": True,
}
