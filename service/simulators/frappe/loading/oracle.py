"""The recorded people, punches and leaves that a real Frappe HR was given, served as that site would serve
them.

Company, default holiday list and the recorded Monthly Attendance Sheet come along; the Attendance that the
real site computed only where asked, since it is what a reader's own rules are compared with.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

from service.simulators.frappe.loading.failure import LoadError
from service.simulators.frappe.store import Store

ZONE = "Asia/Kolkata"
COMPANY = "Oracle Works"
_FILES = {
    "Leave Type": "leave_types", "Shift Type": "shift_types", "Employee": "employees",
    "Leave Application": "leave_applications", "Employee Checkin": "checkins",
}  # fmt: skip


def load_oracle(store: Store, path: Path, attendance: bool = False) -> dict[str, int]:
    """Load the folder; answers how many rows of each doctype.

    With `attendance` the site's own Attendance rows are there too, and the check-ins carry what the site
    derived (shift, window, off-shift, skip, link). LoadError, with nothing kept, where a file is missing or
    not JSON.
    """
    with store.database.write():
        counts = {"Company": _company(store, path)}
        for doctype, stem in _FILES.items():
            counts[doctype] = len(store.insert_many(doctype, map(_without_doctype, _rows(path, stem))))
        _sheet(store, path)
        if attendance:
            counts["Attendance"] = len(store.insert_many("Attendance", _rows(path, "attendance")))
            for row in _rows(path, "checkins_derived"):
                store.raw_update(
                    "Employee Checkin", str(row["name"]), {k: v for k, v in row.items() if k != "name"}
                )
    return counts


def _company(store: Store, path: Path) -> int:
    holidays = _read(path, "holiday_list")
    if not isinstance(holidays, dict):
        raise LoadError("holiday_list.json", "not one holiday list")
    name, rows = str(holidays["name"]), holidays["holidays"]
    store.insert("Holiday List", {**holidays, "holiday_list_name": name, "total_holidays": len(rows)})
    company = {"name": COMPANY, "company_name": COMPANY, "abbr": "OW", "country": "India"}
    store.insert("Company", {**company, "default_holiday_list": name})
    return 1


def _without_doctype(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name != "doctype"}


def _rows(path: Path, stem: str) -> list[dict[str, object]]:
    rows = _read(path, stem)
    if not isinstance(rows, list):
        raise LoadError(f"{stem}.json", "not a list of rows")
    return rows


def _read(path: Path, stem: str) -> object:
    file = path / f"{stem}.json"
    try:
        return json.loads(file.read_text())
    except FileNotFoundError:
        raise LoadError(file.name, "the file is missing") from None
    except json.JSONDecodeError as error:
        raise LoadError(file.name, f"not readable as JSON: {error.msg}", error.lineno) from error


def _sheet(store: Store, path: Path) -> None:
    """The recorded report, detailed and summarised, as `query_report.run` answers it."""
    for summarized, stem in ((False, "sheet_detailed"), (True, "sheet_summarized")):
        rows = _rows(path, stem)
        columns = [{"fieldname": name, "label": _label(name)} for name in (rows[0] if rows else {})]
        answer = {"columns": columns, "result": rows, "message": None, "chart": None, "report_summary": None}
        store.put_report("Monthly Attendance Sheet", summarized, answer)


def _label(name: str) -> str:
    """Day columns are headed `2 Mon`, all others by their words."""
    parts = name.split("-")
    if len(parts) != 3:
        return name.replace("_", " ").title()
    day, month, year = map(int, parts)
    return f"{day} {date(year, month, 1) + timedelta(days=day - 1):%a}"
