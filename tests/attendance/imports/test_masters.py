"""People, shifts, schedules, leaves, holidays; and a month of nothing but files."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from service.attendance.files.columns import recognised
from tests.attendance.house import House
from tests.attendance.imports.ground import (
    PEOPLE,
    SHIFTS,
    carried_out,
    everything,
    imported,
    refusal,
    rows,
    workbook,
)


async def test_people_keep_what_a_file_does_not_speak_of(house: House) -> None:
    await imported(house, SHIFTS)
    first = await imported(house, PEOPLE)
    assert (first.kind, first.inserted) == ("people", 2)
    second = await imported(house, "empleado;nombre;baja\nE1;Ana Muñoz;31/10/2025\nE2;José Pérez;\n")
    assert (second.inserted, second.updated, second.unchanged) == (0, 1, 1)
    stored = await rows(house, """
        SELECT p.upstream_name, p.name, s.name, t.name, joined_on, left_on FROM attendance.person p
        LEFT JOIN attendance.site s ON s.id = site_id LEFT JOIN attendance.shift_type t ON t.id = default_shift_type_id
        ORDER BY 1
    """)  # fmt: skip
    assert stored == [
        ("E1", "Ana Muñoz", "Villas", "Day", date(2020, 1, 1), date(2025, 10, 31)),
        ("E2", "José Pérez", "Nave", "Day", date(2020, 1, 1), None),
    ]
    before = await everything(house)
    assert (await imported(house, PEOPLE)).unchanged == 2
    assert await everything(house) == before


async def test_rows_of_people_that_are_rejected(house: House) -> None:
    said = await imported(house, """employee,name,joined on,left on,shift,status
E1,Ana,2020-01-01,2019-01-01,,
E2,José,2020-01-01,,Dya,
E3,,2020-01-01,,,
E4,Eva,soon,,,
E5,Luz,,,,dancing
E6,Sol,,,,
E6,Sun,,,,
E7,Mar,,,,activo
""", lenient=True)  # fmt: skip
    assert [(found.line, found.column, found.code) for found in said.findings] == [
        (4, "name", "missing_value"), (5, "joined on", "bad_date"), (6, "status", "bad_status"),
        (2, "left on", "dates_reversed"), (3, "shift", "unknown_shift_type"),
        (7, None, "conflicting_rows"), (8, None, "conflicting_rows"),
    ]  # fmt: skip
    assert (said.inserted, said.rejected_rows) == (1, 7)


async def test_people_of_another_source_are_changed_there(house: House) -> None:
    await imported(house, "employee,name\nE1,Ana\n", source="hr")
    said = await imported(house, "employee,name\nE1,Another\n")
    assert (said.outcome, list(said.codes)) == ("refused", ["known_elsewhere"])


async def test_schedules_and_leaves(house: House) -> None:
    await imported(house, SHIFTS)
    await imported(house, PEOPLE)
    schedule = "empleado,turno,desde,hasta\nE1,Night,2025-10-01,2025-10-15\nE2,night,2025-10-01,\n"
    assert (await imported(house, schedule)).inserted == 2
    longer = await imported(house, schedule.replace("2025-10-15", "2025-10-20"))
    assert (longer.updated, longer.unchanged) == (1, 1)
    leaves = """empleado,tipo de permiso,desde,hasta,medio dia,mitad,sin goce,estado
E1,Vacaciones,2025-10-20,2025-10-22,no,,no,aprobado
E2,Permiso,2025-10-20,,sí,segunda,sí,
E2,Permiso,2025-10-27,2025-10-28,,,,cancelado
"""
    said = await imported(house, leaves)
    assert (said.kind, said.inserted) == ("leaves", 3)
    assert await rows(house, """
        SELECT p.upstream_name, t.name, t.unpaid, from_date::text, to_date::text, half_day, half_day_date::text, half,
               l.status, docstatus
        FROM attendance.leave l JOIN attendance.person p ON p.id = person_id
        JOIN attendance.leave_type t ON t.id = leave_type_id ORDER BY 1, 4
    """) == [
        ("E1", "Vacaciones", False, "2025-10-20", "2025-10-22", False, None, None, "Approved", 1),
        ("E2", "Permiso", True, "2025-10-20", "2025-10-20", True, "2025-10-20", "second", "Approved", 1),
        ("E2", "Permiso", True, "2025-10-27", "2025-10-28", False, None, None, "Cancelled", 2),
    ]  # fmt: skip
    assert (await imported(house, leaves)).unchanged == 3
    bad = await imported(
        house, "empleado,tipo de permiso,desde,hasta\nE9,P,2025-10-01,\nE1,P,2025-10-05,2025-10-01\n"
    )
    assert bad.codes == {"unknown_person": 1, "dates_reversed": 1}
    assert bad.outcome == "refused"


async def test_holidays_from_the_first_to_the_last_date_are_those_of_the_file(house: House) -> None:
    year = "fecha,descripcion,descanso\n2025-09-16,Independencia,no\n2025-10-05,Domingo,si\n2025-10-12,Domingo,si\n"
    assert (await imported(house, year)).inserted == 3
    said = await imported(house, "fecha,descripcion,descanso\n2025-10-05,Domingo,si\n2025-10-13,Lunes,no\n")
    assert (said.inserted, said.updated, said.unchanged, said.removed) == (1, 0, 1, 1)
    said = await imported(house, "fecha,descripcion,descanso\n2025-10-05,Domingo,no\n2025-10-13,Lunes,no\n")
    assert (said.inserted, said.updated, said.unchanged, said.removed) == (0, 1, 1, 0)
    days = await rows(house, "SELECT day::text, weekly_off FROM attendance.holiday ORDER BY day")
    assert days == [("2025-09-16", False), ("2025-10-05", False), ("2025-10-13", False)]


async def test_shifts_and_holiday_lists_are_the_same_in_any_case(house: House) -> None:
    """Also of another file; a list that a shift names is the one there is."""
    await imported(house, "date,description,holiday list\n2025-10-13,Feast,Mexico\n")
    await imported(house, "Shift,Start,End,Holiday list\nDay,08:00,17:00,MEXICO\nDAY,08:00,17:00,mexico\n")
    said = await imported(house, "Shift,Start,End\nday,09:00,17:00\n")
    assert (said.inserted, said.updated) == (0, 1)
    assert await rows(house, """
        SELECT t.upstream_name, t.name, start_time::text, l.name FROM attendance.shift_type t
        JOIN attendance.holiday_list l ON l.id = holiday_list_id
    """) == [("Day", "Day", "09:00:00", "Mexico")]  # fmt: skip
    said = await imported(house, """date,description,holiday list
2025-10-13,Feast,MEXICO
2025-10-14,Bridge,mexico
2025-10-14,Bridge,Mexico
2025-12-25,Christmas,Peru
2025-12-26,Boxing day,PERU
""")  # fmt: skip
    assert (said.inserted, said.unchanged, said.codes) == (3, 1, {"duplicate_row": 1})
    assert await rows(house, """
        SELECT l.upstream_name, l.name, day::text FROM attendance.holiday h
        JOIN attendance.holiday_list l ON l.id = h.holiday_list_id ORDER BY 3
    """) == [
        ("Mexico", "Mexico", "2025-10-13"), ("Mexico", "Mexico", "2025-10-14"),
        ("Peru", "Peru", "2025-12-25"), ("Peru", "Peru", "2025-12-26"),
    ]  # fmt: skip


async def test_a_statement_about_the_future_is_refused(house: House) -> None:
    assert (await refusal(house, PEOPLE, complete_through=str(datetime.now(UTC).date() + timedelta(days=2))))[
        "code"
    ] == "date_in_future"


def test_every_kind_is_recognised_by_its_columns() -> None:
    for kind, header in {
        "punches": "empleado nombre fecha hora tipo dispositivo",
        "people": "Empleado Nombre Sucursal Turno",
        "shifts": "Turno Entrada Salida Tolerancia",
        "schedules": "Empleado Turno Desde Hasta",
        "leaves": "Empleado Tipo Desde Hasta",
        "holidays": "Fecha Descripción",
    }.items():
        assert recognised(header.split(), "auto").kind == kind
    frappe = ["ID", "Employee", "Employee Name", "Log Type", "Shift", "Time", "Location / Device ID"]
    assert recognised(frappe, "auto").kind == "punches"
    assert recognised(frappe, "auto").unknown == []


async def sheet(house: House) -> Any:
    """The sheet of October 2025, as the API gives it."""
    async with house.reader() as http:
        answer = await http.get("/reports/monthly-sheet", params={"month": "2025-10"})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_month_from_nothing_but_files(house: House) -> None:
    # The night shift of the 31st ends on the 1st.
    through = {"complete_through": "2025-11-01"}
    weekends = [day for day in range(1, 32) if date(2025, 10, day).weekday() >= 5]
    off = "".join(f"2025-10-{day:02},Weekend,yes,Mexico\n" for day in weekends)
    await imported(
        house, "date,description,weekly off,holiday list\n2025-10-13,Feast,no,Mexico\n" + off, **through
    )
    await imported(house, SHIFTS, **through)
    await imported(
        house,
        "employee,name,branch,joined on,holiday list\nE1,Ana,Villas,2020-01-01,mexico\nE2,Eva,Villas,2025-10-15,Mexico\n",
        **through,
    )
    await imported(house, "employee,shift,from\nE1,Day,2025-10-01\nE2,Night,2025-10-15\n", **through)
    await imported(house, "employee,leave type,from,to\nE1,Vacation,2025-10-20,2025-10-21\n", **through)
    worked = [day for day in range(1, 32) if day not in (*weekends, 13, 20, 21, 23)]
    days = [["employee", "date", "in", "out"]]
    days += [["E1", f"2025-10-{day:02}", "09:30" if day == 8 else "07:58", "17:03"] for day in worked]
    days += [["E2", f"2025-10-{day:02}", "21:55", "06:02"] for day in worked if day >= 15]
    without = await imported(house, workbook(days))
    assert without.inserted == 2 * (len(days) - 1)
    open_sheet = await sheet(house)
    assert open_sheet["meta"]["complete"] is False
    assert any("file:files Employee Checkin" in reason and "--complete-through" in reason
               for reason in open_sheet["meta"]["incomplete_reasons"])  # fmt: skip
    told = await imported(house, workbook(days), **through)
    assert (told.inserted, told.updated, told.unchanged) == (0, 0, without.inserted)
    whole = await sheet(house)
    assert whole["meta"]["complete"] is True, whole["meta"]["incomplete_reasons"]
    assert whole["meta"]["complete_through"]["file:files Employee Checkin"] == "2025-11-02T06:00:00Z"
    ana, eva = whole["items"]
    expected = (
        dict.fromkeys(worked, "P") | dict.fromkeys(weekends, "WO") | {13: "H", 20: "L", 21: "L", 23: "A"}
    )
    assert [ana["days"].get(f"2025-10-{day:02}") for day in range(1, 32)] == [
        expected[day] for day in range(1, 32)
    ]
    night = expected | dict.fromkeys(range(1, 15), "") | {20: "A", 21: "A"}
    assert [eva["days"].get(f"2025-10-{day:02}") or "" for day in range(1, 32)] == [
        night[day] for day in range(1, 32)
    ]
    async with house.reader() as http:
        summary = (await http.get("/reports/summary", params={"month": "2025-10"})).json()
    # Nobody else's attendance is there to be compared with.
    assert [row["unreconciled_days"] for row in summary["items"]] == [0, 0]
    assert [row["absences"] for row in summary["items"]] == ["1.00", "3.00"]


async def test_the_night_of_the_last_day_waits_for_all_files_of_the_day_after(house: House) -> None:
    files = (
        "shift,start,end\nNight,22:00,06:00\n",
        "employee,name,shift,joined on\nE1,Ana,Night,2025-10-31\n",
        "employee,time\nE1,2025-10-31 21:55\nE1,2025-11-01 06:02\n",
    )
    day = {"from": "2025-10-31", "to": "2025-10-31"}
    for through in ("2025-10-31", "2025-11-01"):
        for content in files:
            assert (await carried_out(house.runtime, content, complete_through=through)).state == "done"
        async with house.reader() as http:
            answer = (await http.get("/reports/monthly-sheet", params=day)).json()
        reasons = answer["meta"]["incomplete_reasons"]
        said = any("waits for the day after: file:files Employee, file:files" in reason for reason in reasons)
        assert (answer["meta"]["complete"], said) == (
            (False, True) if through == "2025-10-31" else (True, False)
        )
    assert answer["items"][0]["days"]["2025-10-31"] == "P"


async def test_october_is_not_complete_for_november(house: House) -> None:
    for content in (
        PEOPLE.replace(",Default shift", "").replace(",Day", ""),
        "employee,time\nE1,2025-11-03 08:00\n",
    ):
        assert (await carried_out(house.runtime, content, complete_through="2025-10-31")).state == "done"
    async with house.reader() as http:
        meta = (await http.get("/reports/monthly-sheet", params={"month": "2025-11"})).json()["meta"]
    assert meta["complete"] is False
    assert any("stated complete through 2025-11-01 00:00" in reason for reason in meta["incomplete_reasons"])
