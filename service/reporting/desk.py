"""A desk: one question, its sources, reports, jobs and routes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi import APIRouter

from service.core.auth import Caller
from service.core.database import Database, ReadConnection, WriteConnection
from service.core.tasks import Job
from service.reporting.report import BuildContext, Report
from service.reporting.subjects import Subjects
from service.schemas.envelope import Ask, Gap

OpenGaps = Callable[[ReadConnection, BuildContext], Awaitable[Sequence[Gap]]]
"""The open gaps that the caller in the context may see, of the desk's sources and entities."""

Freshness = Callable[[ReadConnection], Awaitable[Mapping[str, datetime | None]]]
"""Complete through when, by source; None: it was begun and never finished. Empty: nothing is read yet."""

SiteNames = Callable[[ReadConnection], Awaitable[Sequence[str]]]
"""The names of the sites that the desk has rows of."""

Leave = Callable[[WriteConnection, int], Awaitable[Sequence[str]]]
"""Takes a person who is being erased out of the desk, or says in sentences what still depends on them."""

AdmitDevice = Callable[[ReadConnection, Caller, Sequence[int]], Awaitable[None]]
"""Raises the desk's refusal unless the caller may let a device write for each of these children."""

Needs = Callable[[BuildContext], tuple[Report[Any, Any], Ask]]
"""The report of what needs somebody, and for which days: its rows have a kind, a subject and fixes."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """How an upstream of a desk stands by what is stored: `name` as its callers are grouped (`frappe`)."""

    name: str
    address: str | None
    last_contact_at: datetime | None
    complete_through: datetime | None


SourceStates = Callable[[ReadConnection], Awaitable[Sequence[SourceState]]]
"""The upstreams of the desk, also those that nobody has spoken to since the start."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What the application, worker, command line and tests need to know of a desk.

    `name` is the one word for it everywhere: path, scope, setting, command, client attribute.
    """

    name: str
    title: str
    description: str
    sources: Sequence[str] = ()
    reports: Sequence[Report[Any, Any]] = ()
    jobs: Sequence[Job] = ()
    router: APIRouter | None = None
    scopes: Sequence[str] = ()
    open_paths: Sequence[str] = ()
    """Paths that need no credential of ours, because they check their own (a signed webhook)."""
    open_prefixes: Sequence[str] = ()
    """Beginnings of such paths, where the rest is the credential (a link that was shared)."""
    uploads: Mapping[str, int] = field(default_factory=dict)
    """Paths that take files, with the bytes of one at most."""
    gaps: OpenGaps | None = None
    gap_codes: Sequence[str] = ()
    """Every code that `gaps` may answer: an alert may watch one of them."""
    sites: SiteNames | None = None
    leave: Leave | None = None
    devices: AdmitDevice | None = None
    needs: Needs | None = None
    home: str | None = None
    """The page where somebody begins who has this desk only; else they begin at `/`."""
    upstreams: SourceStates | None = None
    freshness: Freshness | None = None
    subjects: Subjects | None = None
    """Who may see whom, where not everybody may see everybody who reads the desk; `gaps` keep to it too."""

    def __post_init__(self) -> None:
        """At a desk where not everybody sees everybody each report says whom it is about."""
        for report in self.reports:
            if (report.whom is None) != (self.subjects is None):
                raise ValueError(f"report {report.name}: `whom` and the desk's `subjects` come together")

    @property
    def reads(self) -> str:
        """The scope that lets a caller read this desk."""
        return f"{self.name}:read"

    @property
    def writes(self) -> str:
        """The scope that lets a caller decide at this desk."""
        return f"{self.name}:write"

    def reads_of(self, report: Report[Any, Any]) -> str:
        """The scope that lets a caller read a report."""
        return report.reads or self.reads

    async def note(self, database: Database, caller: Caller, what: str, about: Sequence[int] | None) -> None:
        """Put a reading into the audit before its answer leaves, where not everybody may see everybody."""
        if self.subjects is not None and about is not None:
            await self.subjects.note(database, caller, what, about)

    def closed_to(self, caller: Caller) -> list[str]:
        """The reports that the caller's scopes do not let it read, of a desk that it may read."""
        return [report.name for report in self.reports if not caller.may(self.reads_of(report))]

    def report(self, name: str) -> Report[Any, Any] | None:
        """A report by name."""
        return next((report for report in self.reports if report.name == name), None)
