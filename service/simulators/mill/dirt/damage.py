"""Rows spoilt on purpose, and where: one in a hundred for each code, one at least."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from service.simulators.mill.files.table import Cell, Row, Table

Record: TypeAlias = dict[str, Cell]
_ONE_IN: Final = 100


def always(record: Record) -> bool:
    """Every row will do."""
    return bool(record)


@dataclass(frozen=True, slots=True)
class Damage:
    """What is done to a file so that an import says `code` of `column`.

    `spoil` gets a copy of a row that `suits` and a number that no other call gets. It gives that row
    changed, or with `adds` rows that come after it: what an import rejects is added, so that nothing sound
    goes missing.
    """

    code: str
    column: str
    spoil: Callable[[Record, int], list[Record]]
    adds: bool = False
    suits: Callable[[Record], bool] = always


@dataclass(frozen=True, slots=True)
class Finding:
    """What an import has to find: `code` in one of these physical rows (headers count) of a file.

    `raw` is what stands in the last of them, as the CSV file has it.
    """

    file: str
    rows: tuple[int, ...]
    column: str
    code: str
    raw: str


class Spoilt:
    """A table with damages; `found` is complete when its rows were gone through once."""

    def __init__(self, table: Table, damages: Sequence[Damage]) -> None:
        self.found: list[Finding] = []
        self._sound, self._damages = table, damages
        self._headers = [column.header for column in table.columns]
        # Untouched rows are passed on as they are: headers may repeat, and a record knows each once.
        self.table = replace(table, rows=self._rows) if damages else table

    def _rows(self) -> Iterator[Row]:
        """The rows with the damages in between, the same each time."""
        self.found.clear()
        waiting: deque[tuple[int, Damage]] = deque(self._planned())
        physical = len(self._sound.headers)
        serial = 0
        for at, row in enumerate(self._sound.rows()):
            record = dict(zip(self._headers, row, strict=True))
            damage = self._due(waiting, at, record)
            made = [record]
            if damage is not None:
                serial += 1
                made = damage.spoil(dict(record), serial)
                made = [record, *made] if damage.adds else made
                self._note(damage, made, physical)
            physical += len(made)
            yield from ([one[header] for header in self._headers] for one in made)

    def _planned(self) -> list[tuple[int, Damage]]:
        """From which row on each damage is to be done, evenly over the file."""
        count = sum(1 for _ in self._sound.rows())
        each = max(1, count // _ONE_IN)
        # The last fifth stays free: what suited no row where it was planned finds one there.
        room = count * 4 // 5 // each
        many = max(1, len(self._damages))
        planned = [
            (at * room + number * room // many, damage)
            for at in range(each)
            for number, damage in enumerate(self._damages)
        ]
        return sorted(planned, key=lambda one: one[0])

    @staticmethod
    def _due(waiting: deque[tuple[int, Damage]], at: int, record: Record) -> Damage | None:
        """The first damage whose turn has come and that suits the row; a row has one at most."""
        for place, (since, damage) in enumerate(waiting):
            if since > at:
                return None
            if damage.suits(record):
                del waiting[place]
                return damage
        return None

    def _note(self, damage: Damage, made: Sequence[Record], physical: int) -> None:
        first = 1 if damage.adds else 0
        rows = tuple(physical + 1 + place for place in range(first, len(made)))
        column = self._sound.columns[self._sound.place(damage.column)]
        raw = column.show(made[-1][damage.column])
        self.found.append(Finding(self._sound.name, rows, damage.column, damage.code, raw))
