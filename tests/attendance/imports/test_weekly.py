"""Weekly schedules from files: day words, halves of the month, shifts made from their times."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.attendance.files.columns import recognised
from service.attendance.recompute import Recompute
from tests.attendance.house import House
from tests.attendance.imports.ground import PEOPLE, SHIFTS, everything, imported, refusal, rows, workbook

OFFICE = """Empleado,Nombre,Tipo de turno,Entrada,Salida,Quincena,Desde,Hasta,Prioridad
E1,Ana,L-V,08:00,17:00,,2025-10-01,,
E1,Ana,L,09:00,14:00,,2025-10-01,,1
E2,José,"V,S,D",22:00,06:00,1,2025-10-01,2025-10-31,
"""


async def stored(house: House) -> list[tuple[Any, ...]]:
    """Every weekday of every schedule."""
    return await rows(house, """
        SELECT p.upstream_name, t.name, weekday, half, priority, valid_from::text, valid_to::text
        FROM attendance.weekly_schedule w JOIN attendance.person p ON p.id = person_id
        JOIN attendance.shift_type t ON t.id = shift_type_id ORDER BY 1, priority, weekday, 2
    """)  # fmt: skip


@pytest.fixture
async def people(house: House) -> House:
    """Ana and José, and the shifts Day and Night."""
    await imported(house, SHIFTS, complete_through="2025-10-31")
    plain = PEOPLE.replace(",Default shift", "").replace(",Day", "")
    await imported(house, plain, complete_through="2025-10-31")
    return house


async def test_rows_become_weekdays_and_times_become_shifts(people: House) -> None:
    said = await imported(people, OFFICE)
    assert (said.kind, said.rows, said.records, said.inserted, said.findings) == ("weekly", 3, 9, 9, [])
    assert await stored(people) == [
        ("E1", "09:00-14:00", 1, "both", 1, "2025-10-01", None),
        *(("E1", "08:00-17:00", day, "both", 2, "2025-10-01", None) for day in range(1, 6)),
        *(("E2", "22:00-06:00", day, "first", 2, "2025-10-01", "2025-10-31") for day in (5, 6, 7)),
    ]
    made = await rows(people, """
        SELECT t.name, start_time::text, end_time::text, s.base_url FROM attendance.shift_type t
        JOIN attendance.source s ON s.id = source_id WHERE t.name LIKE '%-%' ORDER BY 1
    """)  # fmt: skip
    assert made == [
        ("08:00-17:00", "08:00:00", "17:00:00", "file:files"),
        ("09:00-14:00", "09:00:00", "14:00:00", "file:files"),
        ("22:00-06:00", "22:00:00", "06:00:00", "file:files"),
    ]


async def test_the_same_file_again_changes_nothing(people: House) -> None:
    await imported(people, OFFICE)
    before = await everything(people)
    again = await imported(people, OFFICE)
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 9)
    turned = OFFICE.splitlines()
    assert (await imported(people, "\n".join([turned[0], *turned[:0:-1]]))).unchanged == 9
    assert await everything(people) == before


async def test_another_end_changes_rows_and_no_column_of_ends_leaves_them(people: House) -> None:
    await imported(people, OFFICE)
    said = await imported(people, OFFICE.replace("2025-10-31", "2025-11-30"))
    assert (said.inserted, said.updated, said.unchanged) == (0, 3, 6)
    without = "employee,days,shift,half,valid from\nE2,Fri-Sun,22:00-06:00,1,2025-10-01\n"
    assert (await imported(people, without)).unchanged == 3
    assert {row[-1] for row in await stored(people) if row[0] == "E2"} == {"2025-11-30"}


async def test_named_shifts_must_be_known_and_agree_with_times(people: House) -> None:
    said = await imported(people, """employee,days,shift,in,out,valid from,valid to,half,priority
E1,1-5,day,,,2025-10-01,,,
E1,67,day,08:00,17:00,2025-10-01,,both,2
E1,LXJ,Day,08:00,16:00,2025-10-01,,,
E2,LXJ,Dya,,,2025-10-01,,,
E2,LXJ,,08:00,,2025-10-01,,,
E2,LXJ,,,,2025-10-01,,,
E2,LXJ,,08:00,08:00,2025-10-01,,,
E9,LXJ,Day,,,2025-10-01,,,
E2,LXJ,Day,,,2025-10-02,2025-10-01,,
E2,L-Q,Day,,,2025-10-01,,,
E2,L-V,Day,,,2025-10-01,,3,
E2,L-V,Day,,,2025-10-01,,,0
E2,,Day,,,2025-10-01,,,
""", lenient=True)  # fmt: skip
    assert [(found.line, found.column, found.code) for found in said.findings] == [
        (11, "days", "bad_weekdays"), (12, "half", "bad_half"), (13, "priority", "bad_number"),
        (14, "days", "missing_value"), (4, "in", "shift_differs"), (5, "shift", "unknown_shift_type"),
        (6, "out", "missing_value"), (7, "shift", "missing_value"), (8, "out", "bad_time"),
        (9, "employee", "unknown_person"), (10, "valid to", "dates_reversed"),
    ]  # fmt: skip
    assert (said.inserted, said.rejected_rows) == (7, 11)
    assert [row[1:3] for row in await stored(people)] == [("Day", day) for day in range(1, 8)]


async def test_one_bad_row_refuses_the_file_and_makes_no_shift(people: House) -> None:
    before = await everything(people)
    said = await imported(people, OFFICE + "E9,Eva,L-V,07:00,15:00,,2025-10-01,,\n")
    assert (said.outcome, said.codes) == ("refused", {"unknown_person": 1})
    assert (await imported(people, OFFICE, dry_run=True)).inserted == 9
    assert await everything(people) == before


async def test_lines_for_the_same_days_are_one_or_contradict_each_other(people: House) -> None:
    said = await imported(people, """employee,days,shift,from,to
E1,L-V,Day,2025-10-01,
E1,V-S,Day,2025-10-01,
E2,L-V,Night,2025-10-01,2025-10-31
E2,V,Night,2025-10-01,2025-11-30
E2,D,Night,2025-10-01,
""", lenient=True)  # fmt: skip
    assert [(found.line, found.code, found.severity) for found in said.findings] == [
        (4, "conflicting_rows", "rejected"), (5, "conflicting_rows", "rejected"), (3, "duplicate_row", "info"),
    ]  # fmt: skip
    assert (said.inserted, said.rejected_rows) == (7, 2)
    assert [row[:3] for row in await stored(people)] == [
        *(("E1", "Day", day) for day in range(1, 7)),
        ("E2", "Night", 7),
    ]


async def test_a_workbook_of_weekly_schedules(people: House) -> None:
    cells = [["empleado", "dias", "entrada", "salida", "desde"], ["E1", 135, 8 / 24, 17 / 24, 45931]]
    assert (await imported(people, workbook(cells))).inserted == 3
    assert {row[1:3] for row in await stored(people)} == {("08:00-17:00", day) for day in (1, 3, 5)}


async def test_it_vouches_for_nothing_and_nothing_waits_for_it(people: House) -> None:
    said = await imported(people, OFFICE, complete_through="2025-10-31")
    assert said.complete_through is None
    assert await rows(people, "SELECT doctype FROM attendance.sync_cursor ORDER BY 1") == [
        ("Employee",),
        ("Shift Type",),
    ]


async def days(house: House) -> list[tuple[Any, ...]]:
    """What is stored of José's first half of October."""
    return await rows(house, """
        SELECT r.name, work_date::text, d.status, worked_seconds, expected_seconds, punch_count, incidents::text
        FROM attendance.day d JOIN attendance.person p ON p.id = d.person_id
        JOIN attendance.rule_set r ON r.id = d.rule_set_id
        WHERE p.upstream_name = 'E2' AND work_date BETWEEN '2025-10-01' AND '2025-10-15' ORDER BY 1, 2
    """)  # fmt: skip


async def nights(house: House) -> list[tuple[Any, ...]]:
    """José's days with hours under `recommended`; what is stored is what judging everything anew gives."""
    stored_days = await days(house)
    runtime = house.runtime
    work = Recompute(runtime.database, runtime.versions, runtime.compute)
    await work.run(now=datetime.now(UTC), extent=(date(2025, 10, 1), date(2025, 10, 15)))
    assert await days(house) == stored_days
    return [row[1:4] for row in stored_days if row[0] == "recommended" and (row[3] or row[4])]


async def test_days_are_judged_anew_by_rows_by_their_ends_and_by_their_shifts(people: House) -> None:
    punched = "2025-10-03 22:00", "2025-10-04 06:00", "2025-10-10 22:00", "2025-10-11 06:00"
    await imported(
        people,
        "employee,time\n" + "".join(f"E2,{moment}\n" for moment in punched),
        complete_through="2025-10-31",
    )
    night = "employee,days,in,out,from,to\nE2,Fri,22:00,06:00,2025-10-03,{}\n"
    # The night of the last date ends on the date after it.
    await imported(people, night.format("2025-10-10"))
    both = [("2025-10-03", "PRESENT", 28_800), ("2025-10-10", "PRESENT", 28_800)]
    assert await nights(people) == both
    await imported(people, night.format("2025-10-09"))
    assert await nights(people) == both[:1]
    await imported(people, night.format(""))
    assert await nights(people) == both
    await imported(people, "shift,start,end\n22:00-06:00,20:30,06:00\n")
    assert await nights(people) == [(day, "SEVERE_LATE", worked) for day, _, worked in both]


async def test_a_file_that_lacks_the_shift_says_so(people: House) -> None:
    problem = await refusal(people, "employee,days,from\nE1,L-V,2025-10-01\n", kind="weekly")
    assert problem["code"] == "columns_missing"
    assert [error["pointer"] for error in problem["errors"]] == ["/columns/start_time", "/columns/end_time"]


def test_weekly_files_and_their_neighbours_are_told_apart() -> None:
    for kind, header in {
        "weekly": "empleado dia entrada salida desde",
        "schedules": "empleado turno desde hasta",
        "punches": "empleado dia entrada salida",
        "shifts": "turno entrada salida",
    }.items():
        assert recognised(header.split(), "auto").kind == kind
