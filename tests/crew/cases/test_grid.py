"""Cells, grids and envelopes: cases 1 to 22 of spec F.1 and F.2, and what is like them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from service.crew.rules.grid import AVAILABLE, UNKNOWN, Cell, DayGrid, Rejected, State, TitleRule
from service.crew.rules.printed import contract_of, skills_of, title_of
from tests.crew.pages import B2, EMPTY, employee, engine, header, page, page_of, read
from tests.crew.scenario import S1

OFF, COLOUR = Cell("unavailable", "off"), Cell("unavailable", "colour")


def codes(grid: DayGrid) -> list[str]:
    """What was odd, without what every short day is."""
    return [one.code for one in grid.findings if one.code != "partial_day"]


def one_cell(cell: str) -> tuple[Cell, list[str]]:
    """A cell as it is read, and what was odd."""
    grid = read(page(header(["0800"]), employee("ALDER, JO", cell)))
    return grid.crew[0].cells[0], codes(grid)


def test_c001_an_empty_cell_is_available() -> None:
    assert one_cell('<td class="schTD"></td>') == (AVAILABLE, [])


def test_c002_a_space_that_does_not_break_is_empty() -> None:
    assert one_cell('<td class="schTD">&nbsp;</td>') == (AVAILABLE, [])


def test_c003_booked_off_without_a_code() -> None:
    assert one_cell('<td class="schTD_off"></td>') == (OFF, [])


@pytest.mark.parametrize("text", ["W", " w "])
def test_c004_a_known_code(text: str) -> None:
    assert one_cell(f'<td class="schTD">{text}</td>') == (Cell("unavailable", "W"), [])


def test_c005_a_colour_that_is_denied() -> None:
    assert one_cell('<td class="schTD" style="background-color: #D8DDE1;"></td>') == (COLOUR, [])


def test_c006_an_unknown_code_is_kept_and_told() -> None:
    assert one_cell('<td class="schTD">ZZ</td>') == (Cell("unavailable", "ZZ"), ["unknown_code"])


def test_c007_a_cell_without_a_class_is_unknown() -> None:
    assert one_cell('<td data-comment="1"></td>') == (UNKNOWN, ["unclassified_cell"])


@pytest.mark.parametrize(
    ("cell", "meant", "odd"),
    [
        ('<td style="background-color:red">AL</td>', Cell("unavailable", "AL"), []),
        ('<td class="schTD_off" style="background-color:red"></td>', OFF, []),
        ('<td class="schTD" style="background:#cccccc url(x);"></td>', COLOUR, []),
        ('<td class="schTD">on holiday</td>', Cell("unavailable", "ON HOLID"), ["unknown_code"]),
        ('<td class="schTD"><span>sl</span></td>', Cell("unavailable", "SL"), []),
        ('<td class="schTD"><img src="w.png"></td>', UNKNOWN, ["unclassified_cell"]),
        ('<td class="schTD"><!-- W --></td>', AVAILABLE, []),
        ('<td class="schTD">&#8203;</td>', AVAILABLE, []),
        ('<td class="schTD" style="color:red"></td>', AVAILABLE, []),
    ],
)
def test_text_goes_before_class_and_class_before_colour(cell: str, meant: Cell, odd: list[str]) -> None:
    assert one_cell(cell) == (meant, odd)


def one_state(cell: str) -> State:
    """What a cell of an appliance says."""
    grid = read(page(header(["0800"]), employee("ALDER, JO", EMPTY), header(["0800"], "Appliances"),
                     engine("P22P6", cell)))  # fmt: skip
    return grid.appliances[0].states[0]


def test_c008_a_green_appliance_is_available() -> None:
    assert one_state('<td style="background-color:#4EA72E"></td>') == "available"


def test_c009_without_colour_the_title_tells() -> None:
    assert one_state('<td title="P22P6 (0800 - 0815) Unavailable"></td>') == "unavailable"
    assert one_state('<td title="P22P6 (0800 - 0815) Available"></td>') == "available"
    assert one_state('<td title="P22P6 (0800 - 0815) Not available"></td>') == "unavailable"
    assert one_state('<td class="schTD"></td>') == "unknown"
    dark = '<td style="background-color:#323232" title="P22P6 (0800 - 0815) Available"></td>'
    assert one_state(dark) == "unavailable"


def test_c010_the_grid_of_the_spec() -> None:
    grid = read(B2)
    work, fire = Cell("unavailable", "W"), Cell("unavailable", "F")
    assert (grid.labels, grid.resolution) == (("0800", "0815", "0830", "0845"), 15)
    assert [(row.name, row.role, row.skills, row.cells) for row in grid.crew] == [
        ("ALDER, JO", "WC", ("BA", "IC", "TTR"), (AVAILABLE, AVAILABLE, work, work)),
        ("BIRCH, KE", "FFC", ("BA", "LGV"), (AVAILABLE,) * 4),
        ("CEDAR, LU", "FFD", ("BA",), (OFF, AVAILABLE, fire, AVAILABLE)),
    ]
    assert [(row.contract.hours, row.contract.booked) for row in grid.crew] == [(61, 96), (91, 168), (61, 40)]
    [appliance] = grid.appliances
    assert (appliance.name, appliance.ref) == ("P22P6", 67)
    assert appliance.states == ("available", "available", "unavailable", "unavailable")
    assert appliance.rule == TitleRule("Default", 4, {"MGR": 1, "LGV": 1, "BA": 4})
    assert grid.counts == {
        "Total Crew": (2, 3, 1, 2), "BA": (2, 3, 1, 2), "LGV": (1, 1, 1, 1), "MGR": (1, 1, 0, 0),
    }  # fmt: skip
    assert [one.code for one in grid.findings] == ["partial_day"]


def test_c011_sections_of_the_table_change_nothing() -> None:
    wrapped = B2.replace('<table id="gridAvail">', '<table id="gridAvail"><tbody>').replace(
        "</table>", "</tbody></table>"
    )
    assert read(wrapped) == read(B2)


@pytest.mark.parametrize("before", ["<td>ALDER, JO</td>",
                                    '<td>ALDER, JO</td><td>WC</td><td>61</td><td class="skillCol">BA</td>'])  # fmt: skip
def test_c012_cells_after_the_last_label_are_left_out(before: str) -> None:
    html = page(
        '<tr class="gridheader"><td>Name</td><td>0800</td><td>Total</td></tr>',
        f'<tr class="employee">{before}{EMPTY}<td class="schTD">W</td></tr>',
    )
    grid = read(html)
    assert (grid.labels, grid.crew[0].cells) == (("0800",), (AVAILABLE,))
    assert codes(grid) == ["extra_header_cell", "long_row"]


def test_c013_a_slot_without_a_cell_is_unknown() -> None:
    grid = read(page(header(["0800", "0815", "0830", "0845"]), employee("ALDER, JO", *[EMPTY] * 3)))
    assert grid.crew[0].cells == (AVAILABLE, AVAILABLE, AVAILABLE, UNKNOWN)
    assert codes(grid) == ["short_row"]


@pytest.mark.parametrize("names", [("P22P6", "P22P7"), ("P22P7", "P22Z9")])
@pytest.mark.parametrize("below", [False, True])
def test_c014_two_appliances(names: tuple[str, str], below: bool) -> None:
    green = '<td style="background-color:#009933"></td>'
    labels = "<tr><td>0000</td><td>0015</td></tr>" if below else ""
    html = page(
        header(["0000", "0015"]),
        employee("ALDER, JO", EMPTY, EMPTY),
        header([] if below else ["0000", "0015"], "Appliances"),
        labels,
        *(engine(name, green, "<td></td>") for name in names),
        '<tr><td colspan="5">Rules</td></tr>',
        "<tr><td></td><td>0000</td><td>0015</td></tr>",
        "<tr><td>Total Crew</td><td>1</td><td>1</td></tr>",
    )
    grid = read(html)
    assert [(row.name, row.states) for row in grid.appliances] == [
        (name, ("available", "unknown")) for name in names
    ]
    assert grid.counts == {"Total Crew": (1, 1)}


@pytest.mark.parametrize(
    ("text", "hours", "booked", "read"),
    [
        ("61 (159)", 61, 159, True),
        ("91", 91, None, True),
        ("42h", 42, None, True),
        ("42.0 hours", 42, None, True),
        ("", None, None, True),
        ("n/a", None, None, False),
        ("37.5 (0)", Decimal("37.5"), 0, True),
        ("420", None, None, False),
        ("(12)", None, 12, False),
        ("42.125 (37.333)", Decimal("42.13"), Decimal("37.33"), True),
        ("168.004", None, None, False),
    ],
)
def test_c019_contracts(text: str, hours: object, booked: object, read: bool) -> None:
    contract, well = contract_of(text)
    assert (contract.hours, contract.booked, contract.raw, well) == (hours, booked, text, read)


def test_c019_a_contract_that_cannot_be_read_is_told() -> None:
    assert codes(read(page(header(["0800"]), employee("ALDER, JO", EMPTY, contract="n/a")))) == [
        "bad_contract"
    ]
    assert codes(read(page(header(["0800"]), employee("ALDER, JO", EMPTY, contract="&nbsp;")))) == []


def test_c020_skills() -> None:
    assert skills_of("BA ERD IC") == ("BA", "ERD", "IC")
    assert skills_of("TTR, LGV, BA") == ("TTR", "LGV", "BA")
    assert skills_of("(ERD, BA)") == ("ERD", "BA")
    assert skills_of(" ba  BA ert ") == ("BA", "ERT")


def test_c021_titles() -> None:
    assert title_of("Default - Total Crew: 4, MGR x 1, LGV x 1, BA x 4") == TitleRule(
        "Default", 4, {"MGR": 1, "LGV": 1, "BA": 4}
    )
    assert title_of("Night - weekend - Total Crew: 3") == TitleRule("Night - weekend", 3, {})
    for other in (
        "",
        "P22P6",
        "Default - Total Crew: many",
        "Default - Total Crew: 4, BA",
        "A - Total Crew: 4, BA x 2, BA x 3",
    ):
        assert title_of(other) is None, other


def test_c022_a_count_that_cannot_be_right_is_told() -> None:
    right = tuple(sum(row.cells[at] == AVAILABLE for row in S1.crew) for at in range(96))
    wrong = tuple(5 if label < "0600" else count for label, count in zip(S1.labels, right, strict=True))
    grid = read(page_of(replace(S1, counts={"Total Crew": wrong})))
    [finding] = grid.findings
    assert (finding.code, finding.detail["differences"]) == (
        "count_mismatch",
        [{"label": "Total Crew", "from": "0000", "to": "0600", "grid": 5, "computed": 3}],
    )
    assert read(page_of(replace(S1, counts={"Total Crew": right}))).findings == ()


def test_the_counts_of_a_scenario_fit_its_people() -> None:
    holders = {
        "BA": S1.crew,
        "LGV": [S1.crew[1], S1.crew[4]],
        "MGR": [S1.crew[0]],
    }
    counts = {
        label: tuple(sum(row.cells[at] == AVAILABLE for row in rows) for at in range(96))
        for label, rows in holders.items()
    }
    grid = read(page_of(replace(S1, counts=counts)))
    assert grid == replace(S1, counts=counts)


def test_people_of_one_name_say_nothing_and_may_be_there() -> None:
    html = page(
        header(["0800"]),
        employee("ALDER, JO", EMPTY),
        employee("alder ,jo", '<td class="schTD">W</td>'),
        employee("BIRCH, KE", EMPTY),
        '<tr class="gridheader"><td>Rules</td></tr>',
        "<tr><td>Total Crew</td><td>3</td></tr>",
    )
    grid = read(html)
    assert [row.name for row in grid.crew] == ["BIRCH, KE"]
    [finding] = [one for one in grid.findings if one.code != "partial_day"]
    assert (finding.code, finding.detail["rows"]) == ("duplicate_name", [1, 2])
    assert codes(read(html.replace(">3<", ">4<"))) == ["duplicate_name", "count_mismatch"]


def test_columns_tell_where_slots_are_when_no_class_does() -> None:
    labels = ["0800", "0815", "0830"]
    row = employee("ALDER, JO", EMPTY, '<td class="schTD">W</td>', EMPTY).replace("skillCol", "skl")
    plain = read(page(header(labels), row))
    assert plain.crew == read(page(header(labels), row.replace("skl", "skillCol"))).crew
    short = read(page(header(labels), row.replace('<td class="schTD">W</td>', "")))
    assert short.crew[0].cells == (AVAILABLE, AVAILABLE, UNKNOWN)
    bare = '<tr class="gridheader"><td>Name</td><td>0800</td><td>0815</td><td>0830</td></tr>'
    assert read(page(bare, row)).crew[0].cells == plain.crew[0].cells


def test_a_column_between_skills_and_slots_shifts_nobody() -> None:
    labels = ["0800", "0815"]
    head = header(labels).replace("<td>Skills</td>", "<td>Skills</td><td>Shift</td>")
    row = employee("ALDER, JO", "<td>day</td>", '<td class="schTD">W</td>', EMPTY)
    assert read(page(head, row)).crew[0].cells == (Cell("unavailable", "W"), AVAILABLE)
    assert codes(read(page(head, row))) == []


def test_role_and_contract_stand_before_the_skills_or_nowhere() -> None:
    row = f'<tr class="employee"><td>ALDER, JO</td><td class="skillCol">BA</td>{EMPTY}</tr>'
    [person] = read(page(header(["0800"]), row)).crew
    assert (person.role, person.contract.hours, person.skills) == (None, None, ("BA",))


@pytest.mark.parametrize(
    ("labels", "asked", "code"),
    [
        ([], 15, "bad_header"),
        (["0800", "0817"], 15, "bad_header"),
        (["0800", "0815", "0900"], 15, "bad_header"),
        (["2400"], 15, "bad_header"),
        (["0060"], 15, "bad_header"),
        (["0815", "0800"], 15, "bad_header"),
        (["0800", "0830"], 15, "resolution_mismatch"),
        (["0800"], 60, None),
    ],
)
def test_labels(labels: list[str], asked: int, code: str | None) -> None:
    html = page(header(labels), employee("ALDER, JO", *[EMPTY] * len(labels)))
    if code == "bad_header":
        with pytest.raises(Rejected, match="bad_header"):
            read(html, asked)
    else:
        assert codes(read(html, asked)) == ([code] if code else [])


def test_an_appliance_goes_by_the_times_in_its_titles() -> None:
    cells = (
        '<td title="P22P6 (0830 - 0845) Available"></td>',
        '<td title="P22P6 (0800 - 0815) Unavailable"></td>',
        '<td title="P22P6 (2300 - 2315) Available"></td>',
    )
    labels = ["0800", "0815", "0830"]
    html = page(header(labels), employee("ALDER, JO", *[EMPTY] * 3), header(labels, "Appliances"), engine("P22P6", *cells, title="?"))  # fmt: skip
    grid = read(html)
    assert grid.appliances[0].states == ("unavailable", "unknown", "available")
    assert codes(grid) == ["bad_title", "long_row", "short_row"]
    twice = read(html.replace("</table>", engine("P22P6", *cells) + "</table>"))
    assert (twice.appliances, codes(twice)[-1]) == ((), "duplicate_appliance")


def test_counts_in_a_table_of_their_own() -> None:
    inside, rules = B2.split('<tr class="gridheader"><td colspan="5">Rules')
    apart = f'{inside}</table><table><tr><td colspan="5">Rules{rules}'
    assert read(apart) == read(B2)


def test_a_count_that_is_no_number_is_none() -> None:
    texts = B2.replace("<td>2</td><td>3</td><td>1</td><td>2</td></tr>\n <tr><td colspan=\"5\">BA", "<td></td><td>3.5</td><td>x</td><td>2</td></tr>\n <tr><td colspan=\"5\">BA")  # fmt: skip
    assert read(texts).counts["Total Crew"] == (None, None, None, 2)
