"""Answers about stations as the document shows them (everybody is invented)."""

from typing import Any, Final

_DATA: Final[dict[str, Any]] = {
    "version": 1772704691000000,
    "as_of": "2026-03-05T09:58:11Z",
    "stale": False,
    "complete": True,
    "reasons": [],
}
STATION: Final[dict[str, Any]] = {
    "code": "P22",
    "name": "P22 Demo",
    "time_zone": "Europe/London",
    "followed": True,
    "seen_at": "2026-03-05T09:58:11Z",
    "known_until": "2026-03-09T00:00:00Z",
    "login": {"state": "open", "since": None, "next_attempt_at": None, "code": None},
}
STATIONS: Final[dict[str, Any]] = {
    "items": [STATION],
    "page": {"next": None, "has_more": False, "limit": 1, "total": None, "total_capped": False},
}
DETAIL: Final[dict[str, Any]] = {
    **STATION,
    "known_from": "2026-03-02T00:00:00Z",
    "days": [
        {
            "date": "2026-03-05",
            "seen_at": "2026-03-05T09:58:11Z",
            "age_seconds": 109,
            "final": False,
            "fresh": True,
            "stale": False,
            "partial": False,
            "people": 5,
            "resolution_minutes": 15,
            "warnings": ["count_mismatch"],
            "last_look_at": "2026-03-05T09:58:11Z",
            "last_look": "applied",
            "last_look_code": None,
        }
    ],
    "runs": [
        {
            "id": "5d1f4a0e-9b57-4a39-8f0c-5f6f6f1f9c22",
            "job": "crew.sync",
            "state": "done",
            "created_at": "2026-03-05T09:58:09Z",
            "finished_at": "2026-03-05T09:58:12Z",
            "code": None,
            "counts": {"days_applied": 1},
        }
    ],
    "warnings": [{"code": "count_mismatch", "times": 1, "dates": ["2026-03-05"]}],
    "data": _DATA,
}
LIVE: Final[dict[str, Any]] = {
    "station": "P22",
    "at": "2026-03-05T10:00:00Z",
    "display_time_local": "2026-03-05T10:00:00",
    "agrees": False,
    "crewing": [{"label": "BA", "available": 3, "difference": -1}],
    "people": [{"crew_id": 1, "name": "ALDER, JO", "shown": True, "computed": "unavailable", "reason": "W"}],
    "appliances": [{"appliance": "P22P6", "shown": "available", "computed": "unavailable"}],
    "data": _DATA,
}
SYNC_ASK: Final[dict[str, Any]] = {"station": "P22", "days": 14}
RUN: Final[dict[str, Any]] = {
    "id": "5d1f4a0e-9b57-4a39-8f0c-5f6f6f1f9c22",
    "job": "crew.sync",
    "scope": "crew.sync/P22",
    "state": "queued",
    "params": {"station": "P22", "days": 14, "dates": None, "force": False, "mode": None},
    "progress": {"done": 0, "total": None, "unit": "days"},
    "counts": {},
    "requested_by": "key:ab12cd34",
    "created_at": "2026-03-05T10:00:00Z",
    "starts": 0,
}
UNLOCKED: Final[dict[str, Any]] = {"station": "P22", "unlocked": True}
