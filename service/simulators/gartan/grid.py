"""The grid of one day as HTML (spec B.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from html import escape
from typing import Final

from service.simulators.gartan.layout import Layout, Mode, layout
from service.simulators.gartan.plan import TOTAL, Appliance, Member, Station
from service.simulators.gartan.states import DayStates, available, day_states, hours_booked

COUNTED: Final = (TOTAL, "BA", "LGV", "MGR")
_CENTRED: Final = '<td style="text-align:center;">'
_GREY: Final = ' style="background-color:#D8DDE1;"'
_CLOCK: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Style:
    """What a site version may draw otherwise, and what a broken one does.

    `only` are the wall minutes of the labels drawn; `cells` how many cells a person's row has more or fewer;
    `counts` what the Rules section prints instead, by label and column; `trailing` header cells that are no
    times.
    """

    table: str = "gridAvail"
    free: str = "#009933"
    busy: str = "#323232"
    trailing: tuple[str, ...] = ()
    tbody: bool = False
    people: bool = True
    appliances: bool = True
    rules: bool = True
    only: tuple[int, int] | None = None
    cells: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """A day of a station as it is asked for."""

    station: Station
    day: date
    resolution: int = 15
    mode: Mode = "single"
    style: Style = field(default_factory=Style)

    def but(self, **changes: object) -> View:
        """The same with some things changed, of the view or of its style."""
        own = {name: value for name, value in changes.items() if name in View.__dataclass_fields__}
        drawn = {name: value for name, value in changes.items() if name not in own}
        style = replace(self.style, **drawn)  # type: ignore[arg-type]  # the names are those of the fields
        return replace(self, style=style, **own)  # type: ignore[arg-type]  # likewise

    def layout(self) -> Layout:
        """The columns drawn."""
        whole = layout(self.day, self.station.zone, self.resolution, self.mode)
        if self.style.only is None:
            return whole
        first, end = self.style.only
        kept = [n for n, text in enumerate(whole.labels) if first <= _minute(text) < end]
        return Layout(tuple(whole.labels[n] for n in kept), whole.units[kept])


def draw(view: View) -> str:
    """The HTML of `d`."""
    columns = view.layout()
    states = day_states(view.station, view.day)
    rows: list[str] = ["".join(_header(columns, view.style))]
    if view.style.people:
        rows.extend(_people(view, columns, states))
    if view.style.appliances:
        rows.extend(_appliances(view, columns, states))
    if view.style.rules:
        rows.extend(_rules(view, columns, states))
    body = "\n".join(rows)
    inner = f"<tbody>{body}</tbody>" if view.style.tbody else body
    return f'<table id="{view.style.table}">\n{inner}\n</table>'


def _header(columns: Layout, style: Style) -> Iterator[str]:
    yield '<tr class="gridheader"><td colspan="2">Employee</td><td>Role</td><td>Contract Hours</td>'
    yield "<td>Skills</td>"
    yield from (f"{_CENTRED}{text}</td>" for text in (*columns.labels, *style.trailing))
    yield "</tr>"


def _people(view: View, columns: Layout, states: DayStates) -> Iterator[str]:
    cells = [_cell(reason) for reason in states.reasons]
    booked = hours_booked(view.station, view.day - timedelta(days=view.day.weekday()))
    for member, row, hours in zip(view.station.crew, states.of_slots(columns).tolist(), booked, strict=True):
        wanted = len(row) + view.style.cells.get(member.name, 0)
        drawn = [cells[number] for number in row[:wanted]] + [cells[0]] * (wanted - len(row))
        yield f"{_person(member, hours)}{''.join(drawn)}</tr>"


def _person(member: Member, hours: float) -> str:
    name, role = escape(member.name), escape(member.role or "")
    contract = (
        f"{member.contract} ({hours:.0f})" if isinstance(member.contract, int) else escape(member.contract)
    )
    return (
        f'<tr class="employee" data-name="{name}"><td colspan="2">{name}</td>'
        f'<td data-role="{role}">{role}</td><td>{contract}</td>'
        f'<td class="skillCol">{escape(" ".join(member.skills))}&nbsp;</td>'
    )


def _cell(reason: str | None) -> str:
    """The cell of a slot: empty is available, the rest says why not (spec A.6)."""
    if reason is None:
        return '<td class="schTD"></td>'
    if reason == "off":
        return '<td class="schTD_off"></td>'
    if reason == "unclear":
        return '<td data-comment="1"></td>'
    text, grey = ("" if reason == "colour" else escape(reason)), ("" if reason == "F" else _GREY)
    return f'<td class="schTD"{grey}>{text}</td>'


def _appliances(view: View, columns: Layout, states: DayStates) -> Iterator[str]:
    labels = "".join(f"{_CENTRED}{text}</td>" for text in columns.labels)
    yield f'<tr class="gridheader"><td colspan="5">Appliances</td>{labels}</tr>'
    spans = [f"({text} - {_end(text, view.resolution)})" for text in columns.labels]
    flags = states.flags(columns).tolist()
    for appliance, row in zip(view.station.appliances, flags, strict=True):
        cells = _flags(appliance, zip(spans, row, strict=True), view.style)
        title = f' title="{escape(str(appliance.title))}"' if appliance.title else ""
        yield f'<tr><td colspan="5"{title}>{escape(appliance.name)}</td>{"".join(cells)}</tr>'


def _flags(appliance: Appliance, row: Iterable[tuple[str, bool]], style: Style) -> Iterator[str]:
    name = escape(appliance.name)
    for number, (span, free) in enumerate(row):
        word, colour = ("Available", style.free) if free else ("Unavailable", style.busy)
        yield (
            f'<td id="app_{appliance.ref}_{number}" class="schTD" title="{name} {span} {word}" '
            f'style="text-align:center;background-color:{colour};color:#F8F8F8;"></td>'
        )


def _rules(view: View, columns: Layout, states: DayStates) -> Iterator[str]:
    yield '<tr class="gridheader"><td colspan="5">Rules</td></tr>'
    yield f'<tr><td colspan="5"></td>{"".join(f"<td>{text}</td>" for text in columns.labels)}</tr>'
    slots = states.of_slots(columns)
    for what in COUNTED:
        printed = view.style.counts.get(what, {})
        counted = available(view.station, slots, what).tolist()
        row = [str(printed.get(text, n)) for text, n in zip(columns.labels, counted, strict=True)]
        yield f'<tr><td colspan="5">{what}</td>{"".join(f"<td>{text}</td>" for text in row)}</tr>'


def _end(text: str, resolution: int) -> str:
    minute = (_minute(text) + resolution) % _CLOCK
    return f"{minute // 60:02}{minute % 60:02}"


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[2:])
