"""A kind of file, declared once: its columns, its key, what it replaces, and the rules within a row."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from service.mill.files.cells import Ground, Reader
from service.mill.files.codes import Action
from service.mill.files.telling import Told
from service.reporting.files.cells import Cell

Semantics = Literal["replace_snapshot", "replace_per_style", "upsert"]


@dataclass(frozen=True, slots=True)
class WeekColumn:
    """A column of a week: where it stands, its Monday (None: later), what it measures, its header's day."""

    at: int
    title: str
    monday: date | None
    measure: str = "quantity"
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its canonical name, how its cells are read, and the headers it goes by (B.3).

    Not `stored`: only the checks of its row look at it.
    """

    name: str
    reader: Reader
    headers: tuple[str, ...] = ()
    stored: bool = True

    @property
    def title(self) -> str:
        """The header it is written with."""
        return self.headers[0] if self.headers else self.name

    @property
    def noun(self) -> str:
        """What it is, at the beginning of a sentence: `Yarn code`, `Order number`."""
        return re.sub(r"_no$", " number", self.name).replace("_", " ").capitalize()


@dataclass(slots=True)
class Record:
    """One row under its checks: what its cells say, and what is told of them.

    `values` by canonical name; a column that the file does not have is not in it.
    """

    row: int
    values: dict[str, Any]
    cells: Sequence[Cell]
    places: Mapping[str, int]
    titles: Mapping[str, str]
    told: Told
    ground: Ground
    wanted: bool = True
    weeks: Sequence[WeekColumn] = ()

    def get(self, name: str, default: Any = None) -> Any:
        """What a cell says; the default where it is blank or there is no such column."""
        value = self.values.get(name)
        return default if value is None else value

    def raw(self, name: str) -> Cell | None:
        """The cell as the file has it."""
        place = self.places.get(name, -1)
        return self.cells[place] if 0 <= place < len(self.cells) else None

    def tell(
        self,
        name: str,
        code: str,
        message: str,
        used: Any = None,
        *,
        action: Action | None = None,
        rejects: bool = False,
    ) -> None:
        """Something about one of its cells; `rejects` it whatever the code says."""
        place, title = self.places.get(name, -1), self.titles.get(name)
        raw = "" if place >= len(self.cells) else self.raw(name)
        self.told.tell(
            self.row, code, message,
            column=title, at=place, raw=raw, used=used, action=action, rejects=rejects,
        )  # fmt: skip

    @property
    def tolerance(self) -> Decimal:
        """Pounds by which a balance or sum of the file may differ from what its parts make (E.3)."""
        return self.ground.parameters.balance_tolerance_lb

    @property
    def rejected(self) -> bool:
        """Whether anything rejected it."""
        return self.row in self.told.rejected

    def skip(self) -> None:
        """It says nothing of its own: a placeholder."""
        self.wanted = False


Check = Callable[[Record], None]


def no_check(_: Record) -> None:
    """Rows whose cells depend on nothing else."""


HeadCheck = Callable[[int, Mapping[str, int], Mapping[str, str], Ground, Told], None]


def no_head_check(*_: object) -> None:
    """Files whose header says all that is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file (E.8).

    `needs`: names of columns, of each group one at least. `key` columns are what rows are told apart by; with
    none the kind's own rules look for repeated rows. `extra`: columns of the temporary table that are made of
    several columns, with their SQL types. `headed` looks at the line, places
    and titles of the header, `begin` at a row before its cells are read.
    `part`: of what of its kind the file is; files of other parts do not take its place.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    needs: tuple[tuple[str, ...], ...]
    key: tuple[str, ...]
    semantics: Semantics
    headed: HeadCheck = no_head_check
    begin: Check = no_check
    check: Check = no_check
    extra: Mapping[str, str] = field(default_factory=dict)
    weekly: Literal["none", "dated", "grouped"] = "none"
    part: str = ""

    def column(self, name: str) -> Column:
        """The column of that name. Raises `KeyError`."""
        for one in self.columns:
            if one.name == name:
                return one
        raise KeyError(name)

    @property
    def is_of_a_day(self) -> bool:
        """Whether its rows say how things stood on a day, so that an older file tells of the past."""
        return self.semantics == "replace_snapshot" or self.name == "knit_orders"

    @property
    def table(self) -> dict[str, str]:
        """The columns of the temporary table, with their types."""
        return {one.name: one.reader.sql for one in self.columns if one.stored} | dict(self.extra)
