"""Files of punches: what they may look like, what is said of their rows, and that nothing is lost or doubled."""

from typing import Any

import pytest

from tests.attendance.house import House
from tests.attendance.imports.ground import PEOPLE, everything, imported, punches, refusal, rows, workbook

LONG = """employee,time,log_type,device
E1,2025-10-06 08:00:00,IN,villas-1
E1,2025-10-06 17:05:00,OUT,villas-1
E2,2025-10-06 08:20:00,,
"""
OF_LONG = [
    ("E1", "2025-10-06 08:00:00", "IN", "villas-1"),
    ("E2", "2025-10-06 08:20:00", None, None),
    ("E1", "2025-10-06 17:05:00", "OUT", "villas-1"),
]


async def test_long_a_row_is_a_punch(house: House) -> None:
    await imported(house, PEOPLE.replace(",Default shift", "").replace(",Day", ""))
    said = await imported(house, LONG)
    assert (said.kind, said.outcome, said.rows, said.records) == ("punches", "applied", 3, 3)
    assert (said.inserted, said.updated, said.unchanged, said.codes) == (3, 0, 0, {})
    assert await punches(house) == OF_LONG


async def test_wide_a_row_is_a_day_with_several_pairs(house: House) -> None:
    said = await imported(house, """Empleado;Nombre;Fecha;Entrada 1;Salida 1;Entrada 2;Salida 2
E1;Ana;06/10/2025;8:00;13:00;14:05;17:00
E1;Ana;13/10/2025;22:00;02:00;02:30;06:10
E1;Ana;14/10/2025;;;;
""")  # fmt: skip
    assert (said.rows, said.records) == (3, 8)
    assert said.codes == {"unknown_person": 8, "read_as_next_day": 3, "no_punches": 1}
    assert [row[1:3] for row in await punches(house)] == [
        ("2025-10-06 08:00:00", "IN"), ("2025-10-06 13:00:00", "OUT"),
        ("2025-10-06 14:05:00", "IN"), ("2025-10-06 17:00:00", "OUT"),
        ("2025-10-13 22:00:00", "IN"), ("2025-10-14 02:00:00", "OUT"),
        ("2025-10-14 02:30:00", "IN"), ("2025-10-14 06:10:00", "OUT"),
    ]  # fmt: skip


async def test_columns_without_a_direction(house: House) -> None:
    await imported(house, "ID Empleado,Fecha,Checado_1,Checado_2\nE1,2025-10-06,08:00,17:00\n")
    assert [row[1:3] for row in await punches(house)] == [
        ("2025-10-06 08:00:00", None), ("2025-10-06 17:00:00", None),
    ]  # fmt: skip


SPANISH = """Empleado,Fecha,Hora,Tipo,Dispositivo
E1,2025-10-06,08:00:00 a. m.,Entrada,Villas Ñandú
"""


@pytest.mark.parametrize(
    "content",
    [
        SPANISH.encode(),
        SPANISH.encode("utf-8-sig"),
        SPANISH.encode("cp1252"),
        SPANISH.encode("utf-16"),
        SPANISH.encode("utf-16-le"),
        SPANISH.replace(",", ";").encode("cp1252"),
        SPANISH.replace(",", "\t").encode("utf-16"),
        b"sep=|\r\n" + SPANISH.replace(",", "|").replace("\n", "\r\n").encode(),
        SPANISH.replace("2025-10-06", '"06/10/2025"').encode(),
        SPANISH.replace("2025-10-06,08:00:00 a. m.", ",2025-10-06T08:00:00").encode(),
        SPANISH.replace("2025-10-06,08:00:00 a. m.", ",2025-10-06T14:00:00Z").encode(),
        SPANISH.replace("2025-10-06,08:00:00 a. m.", ",2025-10-06 09:00:00-05:00").encode(),
        SPANISH.replace("2025-10-06,08:00:00 a. m.", ",45936.3333333333").encode(),
        workbook([["Empleado", "Fecha", "Hora", "Tipo", "Dispositivo"],
                  ["E1", 45936, 1 / 3, "Entrada", "Villas Ñandú"]]),
        workbook([["Empleado", "Hora", "Tipo", "Dispositivo"],
                  ["E1", 45936 + 1 / 3, "Entrada", "Villas Ñandú"]]),
    ],
)  # fmt: skip
async def test_the_same_punch_however_it_is_written(house: House, content: bytes) -> None:
    said = await imported(house, content, date_order="dmy")
    assert (said.rejected_rows, said.codes) == (0, {"unknown_person": 1})
    assert await punches(house) == [("?E1", "2025-10-06 08:00:00", "IN", "Villas Ñandú")]
    (again,) = [await imported(house, SPANISH)]
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 1)


async def test_a_number_that_a_spreadsheet_made_of_a_badge(house: House) -> None:
    await imported(house, workbook([["empleado", "hora"], [1001.0, "2025-10-06 08:00"]]))
    assert (await punches(house))[0][0] == "?1001"


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (",2025-10-06 08:00,IN,", "missing_value", "employee"),
        ("E1,,IN,", "missing_value", "time"),
        ("E1,2025-10-06,IN,", "bad_time", "time"),
        ("E1,2025-10-06 25:10,IN,", "bad_time", "time"),
        ("E1,2025-02-29 08:00,IN,", "bad_date", "time"),
        ("E1,yesterday,IN,", "bad_date", "time"),
        ("E1,1870-01-01 08:00,IN,", "bad_date", "time"),
        ("E1,99,IN,", "bad_date", "time"),
        ("E1,08:00,IN,", "bad_time", "time"),
        ("E1,2025-10-06 08:00,SIDEWAYS,", "bad_log_type", "log_type"),
        (f"E1,2025-10-06 08:00,IN,{'x' * 201}", "too_long", "device"),
        ("E1,2025-10-06 08:00,IN,\x07", "bad_text", "device"),
        ("E1,2025-10-06 08:00,IN,a,more", "row_too_long", None),
    ],
)
async def test_a_bad_row_is_named_and_refuses_the_file(
    house: House, row: str, code: str, column: str | None
) -> None:
    before = await everything(house)
    said = await imported(house, LONG + row + "\n")
    rejected = [found for found in said.findings if found.severity == "rejected"]
    assert [(found.line, found.column, found.code) for found in rejected] == [(5, column, code)]
    assert (said.outcome, said.rejected_rows, said.inserted) == ("refused", 1, 0)
    assert await everything(house) == before
    lenient = await imported(house, LONG + row + "\n", lenient=True)
    assert (lenient.outcome, lenient.rejected_rows, lenient.inserted) == ("applied", 1, 3)
    vouched = await imported(house, LONG + row + "\n", lenient=True, complete_through="2025-10-31")
    assert vouched.complete_through is None, "rows were left out: nobody can say that it is complete"
    told = vouched.findings[0]
    assert (told.line, told.code, told.severity) == (1, "not_complete", "warning")
    why = "rows were left out (1): correct them and import the file again"
    assert told.message == f"not taken as complete through 2025-10-31: {why}"
    assert vouched.codes == lenient.codes | {"not_complete": 1}


async def test_lines_count_as_an_editor_does(house: House) -> None:
    content = 'employee,time,device\nE1,2025-10-06 08:00,"two\nlines"\n\nE1,bad,\n'
    said = await imported(house, content)
    assert [(found.line, found.code) for found in said.findings if found.severity == "rejected"] == [
        (5, "bad_date")
    ]


async def test_the_same_again_writes_nothing(house: House) -> None:
    await imported(house, LONG, complete_through="2025-10-31")
    before = await everything(house)
    assert (await imported(house, LONG, complete_through="2025-10-31")).unchanged == 3
    turned = "\n".join([LONG.splitlines()[0], *reversed(LONG.splitlines()[1:])])
    assert (await imported(house, turned)).unchanged == 3
    assert await everything(house) == before


async def test_a_dry_run_says_what_would_be_and_does_nothing(house: House) -> None:
    await imported(house, LONG)
    before = await everything(house)
    more = LONG + "E3,2025-10-07 08:00,IN,nave-1\n"
    dry = await imported(house, more, dry_run=True, complete_through="2025-10-31")
    assert await everything(house) == before
    applied = await imported(house, more, complete_through="2025-10-31")
    said: list[dict[str, Any]] = [
        one.model_dump(exclude={"dry_run", "file", "findings_link"}) for one in (dry, applied)
    ]
    assert said[0] == said[1]
    assert (applied.inserted, applied.unchanged, dry.dry_run) == (1, 3, True)


async def test_repeated_rows_count_once_and_contradictions_not_at_all(house: House) -> None:
    content = """id,employee,time
1,E1,2025-10-06 08:00
1,E1,2025-10-06 08:00
2,E1,2025-10-06 09:00
2,E1,2025-10-06 10:00
3,E1,2025-10-06 11:00
"""
    said = await imported(house, content, lenient=True)
    assert said.codes["duplicate_row"] == 1
    assert said.codes["conflicting_rows"] == 2
    assert [(found.line, found.code) for found in said.findings if found.code != "unknown_person"] == [
        (3, "duplicate_row"), (4, "conflicting_rows"), (5, "conflicting_rows"),
    ]  # fmt: skip
    assert [row[1] for row in await punches(house)] == ["2025-10-06 08:00:00", "2025-10-06 11:00:00"]
    moved = await imported(house, "id,employee,time\n3,E1,2025-10-06 12:00\n")
    assert (moved.inserted, moved.updated) == (0, 1)
    assert (await punches(house))[-1][1] == "2025-10-06 12:00:00"


async def test_both_punches_of_an_hour_shown_twice_are_kept(house: House) -> None:
    content = """employee,time
E1,2026-11-01 01:30:00-07:00
E1,2026-11-01 01:30:00-08:00
"""
    said = await imported(house, content, zone="America/Tijuana")
    assert (said.inserted, said.rejected_rows) == (2, 0)
    assert await rows(house, "SELECT at::text FROM attendance.checkin ORDER BY at") == [
        ("2026-11-01 08:30:00+00",), ("2026-11-01 09:30:00+00",),
    ]  # fmt: skip
    assert (await imported(house, content, zone="America/Tijuana")).unchanged == 2


async def test_wall_clocks_shown_twice_or_never_or_not_yet_are_flagged_and_kept(house: House) -> None:
    content = """employee,time
E1,2025-11-02 01:30:00
E1,2025-11-02 01:30:00-05:00
E1,2026-03-08 02:30:00
E1,2162-03-08 08:00:00
"""
    said = await imported(house, content, zone="America/Chicago")
    flagged = ("ambiguous_time", "nonexistent_time", "future_time")
    assert [said.codes[code] for code in flagged] == [1, 1, 1]
    stored = await rows(
        house, "SELECT local_time::text, at::text FROM attendance.checkin ORDER BY at, upstream_name"
    )
    assert ("2026-03-08 02:30:00", "2026-03-08 08:30:00+00") in stored
    assert ("2025-11-02 01:30:00", "2025-11-02 06:30:00+00") in stored


async def test_the_order_of_day_and_month_is_the_files_own_or_asked_for(house: House) -> None:
    one = "employee,time\nE1,03/04/2025 08:00\n"
    assert (await refusal(house, one))["code"] == "date_order_unknown"
    mixed = one + "E1,13/04/2025 08:00\nE1,04/13/2025 08:00\n"
    assert (await refusal(house, mixed))["code"] == "date_order_mixed"
    await imported(house, one + "E1,04/13/2025 09:00\n")
    assert [row[1][:10] for row in await punches(house)] == ["2025-03-04", "2025-04-13"]
    await imported(house, "employee,time\nE2,03/04/2025 08:00\n", date_order="dmy")
    assert (await punches(house))[-2][:2] == ("?E2", "2025-04-03 08:00:00")
    await imported(house, "employee,time\nE3,05/05/2025 08:00\n")  # the same either way


async def test_the_zone_is_said_once_and_then_known(house: House) -> None:
    assert (await refusal(house, LONG, zone=None))["code"] == "zone_required"
    assert (await refusal(house, LONG, zone="Mars/Olympus"))["code"] == "zone_unknown"
    await imported(house, LONG)
    assert (await imported(house, LONG, zone=None)).zone == "America/Mexico_City"
    assert (await imported(house, LONG, zone=None, source="clock2")).source == "file:clock2"
    assert (await refusal(house, LONG, zone="Europe/Madrid"))["code"] == "zone_differs"
    assert (await refusal(house, LONG, zone="Europe/Madrid", source="clock3"))["code"] == "zone_differs"


async def test_punches_of_somebody_unknown_count_once_they_are_imported(house: House) -> None:
    await imported(house, LONG)
    assert {row[0] for row in await punches(house)} == {"?E1", "?E2"}
    await imported(house, "employee,name\ne1,Ana\nE2,José\n", source="hr")
    assert {row[0] for row in await punches(house)} == {"e1", "E2"}
    assert (await imported(house, LONG)).unchanged == 3
