"""What one import holds on to: the file, its station, what was found and what came of it."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from service.core.database import WriteConnection
from service.core.tasks import JobContext
from service.crew.queries.stations import StationRow
from service.reporting.files.findings import Findings
from service.reporting.files.storing import refuses


@dataclass(slots=True)
class Work:
    """One file under way; `came` counts days or people by what came of them."""

    context: JobContext
    conn: WriteConnection
    path: Path
    station: StationRow
    findings: Findings
    came: Counter[str] = field(default_factory=Counter)
    scopes: set[str] = field(default_factory=set)
    rows: int = 0

    @property
    def refused(self) -> bool:
        """Whether a row was rejected, and rejected rows refuse the file."""
        return refuses(self.findings, self.context.params)
