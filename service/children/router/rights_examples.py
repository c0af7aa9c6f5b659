"""What the routes of the guardians' rights are shown to answer."""

from collections.abc import Mapping
from typing import Any, Final

EXPORT_ASK: Final[Mapping[str, Any]] = {
    "format": "json",
    "from": "2026-01-01",
    "to": "2026-10-31",
    "include": ["child", "sessions", "notes"],
}
EXPORT: Final[Mapping[str, Any]] = {
    "id": "2f6e1c9e-58a4-4f83-9c1a-0f2d6c1b7a11",
    "child_id": 7,
    "state": "queued",
    "format": "json",
    "from": "2026-01-01",
    "to": "2026-10-31",
    "include": ["child", "notes", "sessions"],
    "requested_at": "2026-11-01T06:30:00Z",
    "ready_at": None,
    "expires_at": None,
    "downloads_left": 3,
    "bytes": None,
    "sha256": None,
}
READY: Final[Mapping[str, Any]] = {
    **EXPORT,
    "state": "ready",
    "ready_at": "2026-11-01T06:30:04Z",
    "expires_at": "2026-11-02T06:30:04Z",
    "bytes": 48_213,
    "sha256": "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c",
}
ERASURE_ASK: Final[Mapping[str, Any]] = {"confirm_name": "Emma", "reason": "We moved to another service."}
ERASURE: Final[Mapping[str, Any]] = {
    "id": "77c1f7a2-6c0e-4d4e-8d1f-64e5a3b0c9f2",
    "child_id": 7,
    "state": "pending",
    "requested_at": "2026-11-01T06:30:00Z",
    "approve_by": None,
    "approved_at": None,
    "executes_at": "2026-12-01T06:30:00Z",
    "finished_at": None,
    "verification": None,
}
ACCESS: Final[Mapping[str, Any]] = {
    "at": "2026-11-01T06:30:00Z",
    "action": "child.read",
    "who": {"kind": "person", "name": "Vera Rossi", "role": "professional"},
    "fields": [],
    "purpose": None,
}
