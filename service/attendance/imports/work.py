"""What one import holds on to: the file as it was inspected, its source, what it has found and counted."""

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from service.attendance.files.inspection import Inspected
from service.attendance.queries.sources import KnownPerson
from service.core.database import WriteConnection
from service.core.tasks import JobContext
from service.reporting.files.findings import Findings, finding
from service.reporting.files.storing import refuses
from service.reporting.files.tables import Table, opened_rows, read_table


@dataclass(slots=True)
class Work:
    """One file under way; `counts`: records, inserted, updated, unchanged, removed."""

    context: JobContext
    conn: WriteConnection
    path: Path
    file: Inspected
    findings: Findings
    source_id: int
    address: str
    zone: ZoneInfo
    started: datetime
    people: dict[str, KnownPerson]
    counts: Counter[str] = field(default_factory=Counter)
    scopes: set[str] = field(default_factory=set)
    lines: int = 0

    @property
    def today(self) -> date:
        """The source's date when the import began."""
        return self.started.astimezone(self.zone).date()

    @property
    def refused(self) -> bool:
        """Whether a row was rejected, and rejected rows refuse the file."""
        return refuses(self.findings, self.context.params)

    async def opened(self, stack: ExitStack) -> Table:
        """The file from its first row on, open as long as the stack."""

        def begin() -> Table:
            return read_table(stack.enter_context(opened_rows(self.path)))

        table = await self.context.runtime.compute.in_thread(begin)
        unknown = self.file.columns.unknown
        message = "this column has no meaning here and is left out"
        self.findings.add(finding(1, title, "unknown_column", message, "info") for title in unknown)
        return table

    async def progress(self, done: int, total: int, step: str) -> None:
        """Say how far it is; raises when somebody asked it to stop."""
        await self.context.progress(done, total, "rows", step)

    def person(self, number: str) -> KnownPerson | None:
        """Somebody by number, compared without case; people of this source come first."""
        return self.people.get(number.casefold())
