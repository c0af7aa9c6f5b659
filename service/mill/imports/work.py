"""What one import holds on to: the file, what is told of it, what was asked, what it touches."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from service.core.compute import Compute
from service.core.database import WriteConnection
from service.mill.files.codes import Action
from service.mill.files.header import Header
from service.mill.files.reading import Reading
from service.mill.files.telling import Told
from service.mill.queries.incoming import reject_incoming
from service.mill.rules.quantities import rounded
from service.schemas.mill.imports import MillImportParams

NOT_IN_THE_FILE = 0
"""The line of what is told about something that a file does not have."""


@dataclass(slots=True)
class Work:
    """One file under way. `came` counts what was stored, `totals` are sums of it."""

    conn: WriteConnection
    compute: Compute
    reading: Reading
    header: Header
    asked: MillImportParams
    job_id: int
    part: str = ""
    came: Counter[str] = field(default_factory=Counter)
    totals: dict[str, str] = field(default_factory=dict)
    scopes: set[str] = field(default_factory=set)
    statuses: dict[str, str] = field(default_factory=dict)
    """Of recipes: how far each style of the file can be trusted."""

    @property
    def told(self) -> Told:
        """What was said of the file."""
        return self.reading.told

    @property
    def present(self) -> Collection[str]:
        """The columns that the file has."""
        return self.header.places.keys()

    @property
    def refused(self) -> bool:
        """Whether nothing may be stored: an error in a strict import, or one of the file as a whole."""
        if any(row <= self.header.line for row in self.told.rejected):
            return True
        return self.asked.mode == "strict" and self.told.errors > 0

    def tell(
        self,
        row: int,
        name: str,
        code: str,
        message: str,
        *,
        raw: Any = None,
        used: Any = None,
        action: Action | None = None,
    ) -> None:
        """Something about a row that was found over all of them; `name` is the canonical column."""
        self.told.tell(
            row, code, message, column=self.header.titles.get(name), at=self.header.places.get(name, -1),
            raw=raw, used=used, action=action,
        )  # fmt: skip

    async def leave_out(self, rows: Collection[int]) -> None:
        """Rows that are not to be stored."""
        await reject_incoming(self.conn, rows)

    def total(self, name: str, value: Decimal) -> None:
        """A sum of what is stored, as it is shown."""
        self.totals[name] = str(rounded(value))
