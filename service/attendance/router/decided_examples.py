"""Examples of what people decide, for OpenAPI."""

from typing import Any, Final

CORRECTION_ASK: Final[dict[str, Any]] = {
    "person": "HR-EMP-00012",
    "day": "2026-10-07",
    "kind": "checkin",
    "time": "2026-10-07T17:02:00",
    "log_type": "OUT",
    "reason": "The clock at the gate was without power; the guard wrote the time down.",
}
CORRECTION: Final[dict[str, Any]] = {
    "id": 17,
    "person": "HR-EMP-00012",
    "person_name": "Ana Ruiz",
    "day": "2026-10-07",
    "kind": "checkin",
    "local_time": "2026-10-07T17:02:00",
    "log_type": "OUT",
    "reason": CORRECTION_ASK["reason"],
    "created_by": "key:ab12cd34",
    "created_at": "2026-10-08T09:12:00Z",
}
OUTCOMES: Final[dict[str, Any]] = {
    "items": [{"index": 0, "status": 201, "correction": CORRECTION, "problem": None}]
}
REVOKED: Final[dict[str, Any]] = CORRECTION | {
    "revoked_by": "key:ab12cd34",
    "revoked_at": "2026-10-09T08:00:00Z",
    "revoked_reason": "The punch was uploaded after all.",
}
SCHEDULE_ASK: Final[dict[str, Any]] = {
    "person": "HR-EMP-00012",
    "shift_type": "Morning",
    "weekdays": [1, 2, 3, 4, 5],
    "half": "first",
    "valid_from": "2026-10-01",
}
SCHEDULE: Final[dict[str, Any]] = {
    "id": 4,
    "person": "HR-EMP-00012",
    "person_name": "Ana Ruiz",
    "shift_type": "Morning",
    "start_time": "08:00:00",
    "end_time": "17:00:00",
    "weekday": 1,
    "half": "first",
    "priority": 2,
    "valid_from": "2026-10-01",
    "valid_to": None,
    "created_by": "key:ab12cd34",
    "created_at": "2026-09-28T16:00:00Z",
}
RULE_SET_ASK: Final[dict[str, Any]] = {
    "name": "villas_2027",
    "based_on": "recommended",
    "parameters": {"punctuality": {"late_grace_min": 10}},
    "reason": "The works agreement of December 2026.",
}
RULE_SET: Final[dict[str, Any]] = {
    "name": "villas_2027",
    "version": 1,
    "active": False,
    "parameters": {"name": "villas_2027", "version": 1, "punctuality": {"late_grace_min": 10}},
    "created_by": "key:ab12cd34",
    "created_at": "2026-12-01T10:00:00Z",
}
DEVICE_SITE_ASK: Final[dict[str, Any]] = {"device": "villas-gate-2", "site": "Villas"}
