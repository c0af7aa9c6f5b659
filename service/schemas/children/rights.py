"""What guardians ask for by right: a copy of everything, its erasure, and who looked (spec E5, E6)."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from service.schemas.asked import CalendarDate
from service.schemas.children.bounds import Moment
from service.schemas.envelope import Ask, Instant, PageAsk, Wire

SectionName = Literal[
    "child",
    "guardians",
    "sensory",
    "safety",
    "therapies",
    "contacts",
    "consents",
    "assignments",
    "sessions",
    "activities",
    "assessments",
    "notes",
    "point_ledger",
    "achievements",
    "reports",
    "analytics",
    "access_log",
]
"""The parts of a copy, in its order (spec E6)."""


class DataExportAsk(Ask):
    """Ask for a copy of everything kept about a child that its guardian may see."""

    format: Literal["json", "csv"] = Field(
        "json", description="`csv`: a zip archive with a file per section."
    )
    from_: CalendarDate | None = Field(
        None, alias="from", description="First day, at the child's place, of what has a date; open: all."
    )
    to: CalendarDate | None = Field(None, description="Last day of it, inclusive; open: all.")
    include: list[SectionName] | None = Field(
        None, min_length=1, description="Only these sections; without it, all."
    )


class DataExport(Wire):
    """A copy of a child's data, from the request to its end."""

    id: UUID
    child_id: int
    state: Literal["queued", "running", "ready", "failed", "expired"]
    format: Literal["json", "csv"]
    from_: date | None = Field(None, alias="from")
    to: date | None = None
    include: list[SectionName] | None = None
    requested_at: Instant
    ready_at: Instant | None = None
    expires_at: Instant | None = Field(None, description="Until then it can be downloaded.")
    downloads_left: int = Field(description="Of three.")
    bytes: int | None = None
    sha256: str | None = Field(None, description="Of the whole file.")


class DataExportParams(Ask):
    """Parameters of the job that writes a copy: the request, and nothing about the child."""

    request: UUID


class ErasureAsk(Ask):
    """Ask for a child to be erased; the name is given once more, so that nobody erases by a slip."""

    confirm_name: str = Field(min_length=1, max_length=100, description="The child's name as it is kept.")
    reason: str | None = Field(None, max_length=1000, description="Goes with the child.")


class Erasure(Wire):
    """An erasure, from the request to the proof that nothing is left."""

    id: UUID
    child_id: int
    state: Literal["awaiting", "pending", "executing", "done", "cancelled"] = Field(
        description="`awaiting`: for the approval of the other full guardian. `pending`: until `executes_at`."
    )
    requested_at: Instant
    approve_by: Instant | None = Field(None, description="Without an approval by then it is cancelled.")
    approved_at: Instant | None = None
    executes_at: Instant | None = Field(None, description="Until then it can be cancelled.")
    finished_at: Instant | None = None
    verification: dict[str, int] | None = Field(
        None, description="Rows that were found afterwards, by table: all are 0."
    )


class AccessLogAsk(PageAsk):
    """Who looked at a child, newest first."""

    limit: int = Field(20, ge=1, le=100, description="Items on a page; out of range is refused.")
    from_: Moment | None = Field(None, alias="from", description="From this instant on.")
    to: Moment | None = Field(None, description="Before this instant.")


class Accessor(Wire):
    """Somebody who looked: by name and role, a device by the name of its key."""

    kind: Literal["person", "device", "system"]
    name: str | None = Field(None, description="Null where the account is gone.")
    role: Literal["parent", "professional", "staff", "admin"] | None = None


class AccessEntry(Wire):
    """One access: who did what, when."""

    at: Instant
    action: str = Field(description="A dotted word, such as `child.read` or `session.complete`.")
    who: Accessor
    fields: list[str] = Field([], description="Names of what was changed, never the values.")
    purpose: str | None = Field(None, description="The reason that was given, in an emergency.")
