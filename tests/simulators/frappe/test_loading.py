"""Rows from files: somebody's export, the recorded oracle, wide lists; errors name the place and keep
nothing."""

import json
from collections import Counter
from pathlib import Path

import pytest

from service.simulators.frappe import (
    FrappeServer,
    LoadError,
    Store,
    load_data,
    load_directory,
    load_oracle,
    load_wide_checkins,
)
from tests.simulators.frappe.conftest import Caller
from tests.simulators.frappe.recorded import DATA

ORACLE = DATA / "oracle"


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        stem, _, kind = name.rpartition("_")
        (folder / f"{stem}.{kind}").write_text(text)
    return folder


GOOD = {
    "employee_csv": "name,employee_name,date_of_joining,default_shift\nE1,Åsa Ek,2020-01-01,Day\nE2,Bo,2020-02-01,\n",
    "shift_type_csv": "name,start_time,end_time,late_entry_grace_period\nDay,08:00:00,17:00:00,15\n",
    "employee_checkin_csv": "name,employee,time,log_type\nC1,E1,2026-01-05 08:00:00,IN\n,E1,2026-01-05 17:00:00,OUT\n",
    "holiday_list_csv": "holiday_list_name,from_date,to_date\nL,2026-01-01,2026-12-31\n",
    "holiday_csv": "parent,holiday_date,weekly_off\nL,2026-01-04,1\nL,2026-01-06,\n",
    "branch_json": '[{"name": "Villas", "branch": "Villas", "doctype": "Branch"}]',
    "company_json": '{"data": [{"company_name": "C", "default_holiday_list": "L"}]}',
}


async def test_a_folder_of_files_is_served(site: FrappeServer, call: Caller, tmp_path: Path) -> None:
    counts = load_directory(site.store, write(tmp_path, **GOOD))
    assert counts == {
        "Branch": 1, "Company": 1, "Employee": 2, "Employee Checkin": 2, "Holiday": 2, "Holiday List": 1, "Shift Type": 1,
    }  # fmt: skip
    people = await call.rows(
        "Employee", fields=["employee", "employee_name", "default_shift"], order_by="name"
    )
    assert people[0] == {"employee": "E1", "employee_name": "Åsa Ek", "default_shift": "Day"}
    assert people[1]["default_shift"] is None
    holidays = (await call.get("/api/resource/Holiday List/L")).json()["data"]["holidays"]
    assert [(row["holiday_date"], row["weekly_off"]) for row in holidays] == [
        ("2026-01-04", 1),
        ("2026-01-06", 0),
    ]
    assert (await call.get("/api/resource/Shift Type/Day")).json()["data"]["start_time"] == "8:00:00"
    assert (await call.names("Company")) == ["C"]


@pytest.mark.parametrize(
    ("files", "file", "line", "column", "what"),
    [
        ({"employee_csv": "name,shoe_size\nE1,44\n"}, "employee.csv", 1, "shoe_size", "no such field"),
        (
            {"employee_checkin_csv": "employee,time\nE1,2026-01-05 08:00\nE1,noon\n"},
            "employee_checkin.csv", 3, "time", "'noon' is no Datetime",
        ),
        (
            {"employee_checkin_csv": "employee,log_type\nE1,BREAK\n"},
            "employee_checkin.csv", 2, "log_type", "not one of",
        ),
        ({"shift_type_csv": "name,start_time,end_time\nDay,08:00,\n"}, "shift_type.csv", 2, "end_time", "required"),
        ({"shift_type_csv": "start_time,end_time\n08:00,17:00\n"}, "shift_type.csv", 2, "name", "required"),
        (
            {"shift_type_csv": "name,start_time,end_time,late_entry_grace_period\nD,8:00,9:00,soon\n"},
            "shift_type.csv", 2, "late_entry_grace_period", "'soon' is no Int",
        ),
        ({"branch_csv": "name\nA\nB\nA\n"}, "branch.csv", 4, "name", "twice"),
        ({"branch_csv": "name\nA,B\n"}, "branch.csv", 2, None, "more cells"),
        ({"holiday_csv": "holiday_date\n2026-01-01\n"}, "holiday.csv", 2, "parent", "required"),
        ({"branch_json": '[{"name": "A"}, 5]'}, "branch.json", 2, None, "list of objects"),
        ({"branch_json": '[\n{"name": \n'}, "branch.json", 3, None, "JSON"),
        ({"payroll_csv": "name\nA\n"}, "payroll.csv", None, None, "no such doctype"),
    ],
)  # fmt: skip
def test_a_bad_file_is_named_and_nothing_is_kept(
    store: Store,
    tmp_path: Path,
    files: dict[str, str],
    file: str,
    line: int | None,
    column: str | None,
    what: str,
) -> None:
    write(tmp_path, appointment_txt="", attendance_csv="employee,attendance_date\nE1,2026-01-05\n", **files)
    with pytest.raises(LoadError, match=what) as caught:
        load_directory(store, tmp_path)
    assert (caught.value.file, caught.value.line, caught.value.column) == (file, line, column)
    assert store.count("Attendance") == store.count("Branch") == 0


def test_an_empty_folder_and_a_missing_one(store: Store, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(LoadError, match="no "):
            load_data(store, folder)


def oracle(name: str) -> list[dict[str, object]]:
    rows = json.loads((ORACLE / f"{name}.json").read_text())
    assert isinstance(rows, list)
    return rows


async def test_the_oracle_is_served_as_it_was_recorded(site: FrappeServer, call: Caller) -> None:
    counts = load_oracle(site.store, ORACLE)
    assert counts["Employee"] == 50
    served = await call.rows(fields=["*"], limit="0", order_by="name asc")
    wanted = sorted(oracle("checkins"), key=lambda row: str(row["name"]))
    assert [{key: row[key] for key in wanted[0]} for row in served] == wanted
    assert all(row["shift"] is None and row["attendance"] is None for row in served)
    assert await call.rows("Attendance") == []
    shifts = {row["name"]: row for row in await call.rows("Shift Type", fields=["*"])}
    for shift in oracle("shift_types"):
        assert {key: shifts[shift["name"]][key] for key in shift if key != "doctype"} == {
            key: value for key, value in shift.items() if key != "doctype"
        }
    company = (await call.get("/api/resource/Company/Oracle Works")).json()["data"]
    assert company["default_holiday_list"] == "Oracle 2026"
    holidays = (await call.get("/api/resource/Holiday List/Oracle 2026")).json()["data"]
    assert len(holidays["holidays"]) == holidays["total_holidays"]


async def test_the_oracle_with_what_the_real_site_made_of_it(site: FrappeServer, call: Caller) -> None:
    load_data(site.store, ORACLE)
    wanted = sorted(oracle("attendance"), key=lambda row: str(row["name"]))
    served = await call.rows("Attendance", fields=list(wanted[0]), limit="0", order_by="name asc")
    assert served == wanted
    derived = sorted(oracle("checkins_derived"), key=lambda row: str(row["name"]))
    linked = await call.rows(fields=list(derived[0]), limit="0", order_by="name asc")
    assert linked == derived
    filters = {"company": "Oracle Works", "month": 3, "year": 2026, "summarized_view": 1}
    path = "/api/method/frappe.desk.query_report.run"
    report = (await call.get(path, report_name="Monthly Attendance Sheet", filters=filters)).json()["message"]
    assert report["result"] == oracle("sheet_summarized")
    labels = [column["label"] for column in report["columns"]]
    assert labels[:3] == ["Employee", "Employee Name", "Total Present"]


async def test_the_shifts_derived_at_saving_are_those_of_the_real_site(
    site: FrappeServer, call: Caller
) -> None:
    """Punches of the oracle posted one by one: shift, window and off-shift come out as the real site saved
    them."""
    load_oracle(site.store, ORACLE)
    derived = {row["name"]: row for row in oracle("checkins_derived")}
    keys = ("shift", "shift_start", "shift_end", "shift_actual_start", "shift_actual_end", "offshift")
    punches = oracle("checkins")
    for punch in punches[:: len(punches) // 150]:
        site.store.delete("Employee Checkin", str(punch["name"]))
        sent = {key: punch[key] for key in ("employee", "time", "log_type", "device_id")}
        made = (await call.post(**sent)).json()["data"]
        assert {key: made.get(key) for key in keys} == {key: derived[punch["name"]][key] for key in keys}


def test_a_broken_oracle_is_refused_whole(store: Store, tmp_path: Path) -> None:
    for file in ORACLE.glob("*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "checkins.json").write_text("[{")
    with pytest.raises(LoadError, match=r"checkins\.json, line 1"):
        load_oracle(store, tmp_path)
    (tmp_path / "checkins.json").unlink()
    with pytest.raises(LoadError, match="missing"):
        load_oracle(store, tmp_path)
    assert store.count("Employee") == store.count("Company") == 0


WIDE_IN = (
    ",01/01/2015,02/01/2015,05/01/2015\n1,NA,02/01/2015 09:43,05/01/2015 10:08\n2,NA,NA,05/01/2015 10:21\n"
)
WIDE_OUT = ",01/01/2015,02/01/2015,05/01/2015\n1,NA,02/01/2015 16:56,NA\n2,NA,NA,06/01/2015 00:10\n"


def wide(folder: Path, came: str = WIDE_IN, left: str = WIDE_OUT) -> tuple[Path, Path]:
    write(folder, in_time_csv=came, out_time_csv=left)
    return folder / "in_time.csv", folder / "out_time.csv"


def test_wide_lists_become_people_punches_and_holidays(store: Store, tmp_path: Path) -> None:
    counts = load_wide_checkins(store, *wide(tmp_path), zone="Asia/Kolkata")
    assert counts["Employee"] == 2
    rows = store.rows("Employee Checkin")
    assert [(row["employee"], row["time"], row["log_type"]) for row in rows] == [
        ("HR-EMP-00001", "2015-01-02 09:43:00", "IN"),
        ("HR-EMP-00001", "2015-01-02 16:56:00", "OUT"),
        ("HR-EMP-00001", "2015-01-05 10:08:00", "IN"),
        ("HR-EMP-00002", "2015-01-05 10:21:00", "IN"),
        ("HR-EMP-00002", "2015-01-06 00:10:00", "OUT"),
    ]
    assert [row["offshift"] for row in rows] == [0, 0, 0, 0, 1]
    days = {str(row["holiday_date"]): row["weekly_off"] for row in store.rows("Holiday")}
    assert days["2015-01-01"] == 0
    assert days["2015-01-03"] == 1
    assert Counter(days.values()) == {0: 1, 1: 104}
    person = store.get("Employee", "HR-EMP-00002")
    assert person
    assert (person["default_shift"], person["holiday_list"]) == ("Office 10-18", "Wide")


@pytest.mark.parametrize(
    ("came", "left", "what"),
    [
        (WIDE_IN.replace("05/01/2015 10:08", "noon"), WIDE_OUT, "line 2, column 05/01/2015: 'noon'"),
        (WIDE_IN.replace("05/01/2015 10:08", "09/01/2015 10:08"), WIDE_OUT, "does not belong"),
        (WIDE_IN + "3,NA\n", WIDE_OUT, "line 4: 2 cells"),
        (WIDE_IN, WIDE_OUT.replace("\n2,", "\n3,"), "not those of in_time.csv"),
    ],
)
def test_wide_lists_that_do_not_fit(store: Store, tmp_path: Path, came: str, left: str, what: str) -> None:
    with pytest.raises(LoadError, match=what):
        load_wide_checkins(store, *wide(tmp_path, came, left))
    assert store.count("Employee") == 0


def test_wide_lists_are_recognised_and_need_the_store_in_their_zone(store: Store, tmp_path: Path) -> None:
    files = wide(tmp_path)
    with pytest.raises(ValueError, match="not in Europe/London"):
        load_wide_checkins(store, *files, zone="Europe/London")
    assert load_data(store, tmp_path)["Employee Checkin"] == 5
