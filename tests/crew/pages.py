"""Pages as Gartan sends them (spec B.2), written out for tests."""

from collections.abc import Sequence
from datetime import date

from service.crew.rules.crewing import Lists
from service.crew.rules.grid import DayGrid
from service.crew.upstream.pages import parse_grid

CODES = ("O", "W", "F", "S", "SL", "AL", "H", "T", "TR", "C")
DAY = date(2026, 3, 5)
EMPTY = '<td class="schTD"></td>'
B2 = """<table id="gridAvail">
 <tr class="gridheader">
  <td colspan="2">Employee</td><td>Role</td><td>Contract Hours</td><td>Skills</td>
  <td style="text-align:center;">0800</td><td style="text-align:center;">0815</td><td style="text-align:center;">0830</td><td style="text-align:center;">0845</td>
 </tr>
 <tr class="employee" data-name="ALDER, JO">
  <td colspan="2">ALDER, JO</td><td data-role="WC">WC</td><td>61 (96)</td><td class="skillCol">BA IC TTR&nbsp;</td>
  <td class="schTD"></td><td class="schTD"></td>
  <td class="schTD" style="background-color:#D8DDE1;">W</td><td class="schTD" style="background-color:#D8DDE1;">W</td>
 </tr>
 <tr class="employee" data-name="BIRCH, KE">
  <td colspan="2">BIRCH, KE</td><td data-role="FFC">FFC</td><td>91 (168)</td><td class="skillCol">BA LGV&nbsp;</td>
  <td class="schTD"></td><td class="schTD"></td><td class="schTD"></td><td class="schTD"></td>
 </tr>
 <tr class="employee" data-name="CEDAR, LU">
  <td colspan="2">CEDAR, LU</td><td data-role="FFD">FFD</td><td>61 (40)</td><td class="skillCol">BA&nbsp;</td>
  <td class="schTD_off"></td><td class="schTD"></td><td class="schTD">F</td><td class="schTD"></td>
 </tr>
 <tr class="gridheader">
  <td colspan="5">Appliances</td>
  <td style="text-align:center;">0800</td><td style="text-align:center;">0815</td><td style="text-align:center;">0830</td><td style="text-align:center;">0845</td>
 </tr>
 <tr>
  <td colspan="5" title="Default - Total Crew: 4, MGR x 1, LGV x 1, BA x 4">P22P6</td>
  <td id="app_67_0" class="schTD" title="P22P6 (0800 - 0815) Available"   style="text-align:center;background-color:#009933;color:#F8F8F8;"></td>
  <td id="app_67_1" class="schTD" title="P22P6 (0815 - 0830) Available"   style="text-align:center;background-color:#009933;color:#F8F8F8;"></td>
  <td id="app_67_2" class="schTD" title="P22P6 (0830 - 0845) Unavailable" style="text-align:center;background-color:#323232;color:#F8F8F8;"></td>
  <td id="app_67_3" class="schTD" title="P22P6 (0845 - 0900) Unavailable" style="text-align:center;background-color:#323232;color:#F8F8F8;"></td>
 </tr>
 <tr class="gridheader"><td colspan="5">Rules</td></tr>
 <tr><td colspan="5"></td><td>0800</td><td>0815</td><td>0830</td><td>0845</td></tr>
 <tr><td colspan="5">Total Crew</td><td>2</td><td>3</td><td>1</td><td>2</td></tr>
 <tr><td colspan="5">BA</td><td>2</td><td>3</td><td>1</td><td>2</td></tr>
 <tr><td colspan="5">LGV</td><td>1</td><td>1</td><td>1</td><td>1</td></tr>
 <tr><td colspan="5">MGR</td><td>1</td><td>1</td><td>0</td><td>0</td></tr>
</table>"""
"""The grid of spec B.2."""


def read(html: str, resolution: int = 15, day: date = DAY, zone: str = "Europe/London") -> DayGrid:
    """A page read with the settings' own codes and lists."""
    return parse_grid(html, resolution, CODES, Lists(), day=day, zone=zone)


def header(labels: Sequence[str], caption: str = "Employee") -> str:
    """A header row, of the crew or the appliances."""
    captions = "<td>Role</td><td>Contract Hours</td><td>Skills</td>" if caption == "Employee" else ""
    first = f'<td colspan="{2 if captions else 5}">{caption}</td>{captions}'
    return f'<tr class="gridheader">{first}{"".join(f"<td>{label}</td>" for label in labels)}</tr>'


def employee(
    name: str, *cells: str, role: str = "FFC", contract: str = "61 (96)", skills: str = "BA LGV"
) -> str:
    """A person's row; cells are whole."""
    before = (
        f'<td colspan="2">{name}</td><td>{role}</td><td>{contract}</td><td class="skillCol">{skills}</td>'
    )
    return f'<tr class="employee">{before}{"".join(cells)}</tr>'


def engine(name: str, *cells: str, title: str = "") -> str:
    """An appliance's row."""
    said = f' title="{title}"' if title else ""
    return f'<tr><td colspan="5"{said}>{name}</td>{"".join(cells)}</tr>'


def page(*rows: str) -> str:
    """A grid."""
    return f'<table id="gridAvail">{"".join(rows)}</table>'


def page_of(grid: DayGrid) -> str:
    """A grid as Gartan would print it: what is unknown has no class."""
    rows = [header(grid.labels)]
    for one in grid.crew:
        cells = [
            EMPTY if cell.state == "available" else
            f'<td class="schTD">{cell.reason}</td>' if cell.state == "unavailable" else "<td></td>"
            for cell in one.cells
        ]  # fmt: skip
        skills, raw = " ".join(one.skills), one.contract.raw
        rows.append(employee(one.name, *cells, role=one.role or "", contract=raw, skills=skills))
    rows.append(header(grid.labels, "Appliances"))
    for machine in grid.appliances:
        rule = machine.rule
        title = "" if rule is None else f"{rule.name} - Total Crew: {rule.total}" + "".join(
            f", {label} x {count}" for label, count in rule.counts.items()
        )  # fmt: skip
        cells = [
            f'<td id="app_{machine.ref}_{at}" class="schTD" style="background-color:{COLOURS[state]}"></td>'
            for at, state in enumerate(machine.states)
        ]
        rows.append(engine(machine.name, *cells, title=title))
    rows.append('<tr class="gridheader"><td colspan="5">Rules</td></tr>')
    rows.append(f"<tr><td></td>{''.join(f'<td>{label}</td>' for label in grid.labels)}</tr>")
    for label, values in grid.counts.items():
        texts = "".join(f"<td>{'' if value is None else value}</td>" for value in values)
        rows.append(f"<tr><td>{label}</td>{texts}</tr>")
    return page(*rows)


COLOURS = {"available": "#4EA72E", "unavailable": "#323232", "unknown": "#123456"}
"""What an appliance's cell is painted."""
