"""Writing through the interface: the edge cases of check-ins as observed, and the rules of other
documents."""

from datetime import datetime, timedelta

import pytest

from service.simulators.frappe import FrappeServer
from tests.simulators.frappe.conftest import CHECKIN, Caller

ADD_LOG = "/api/method/hrms.hr.doctype.employee_checkin.employee_checkin.add_log_based_on_employee_field"
STRICT = "Strictly based on Log Type in Employee Checkin"


def shift(name: str, start: str, end: str, before: int = 120, after: int = 300) -> dict[str, object]:
    return {
        "name": name, "start_time": start, "end_time": end, "determine_check_in_and_check_out": STRICT,
        "begin_check_in_before_shift_start_time": before, "allow_check_out_after_shift_end_time": after,
    }  # fmt: skip


@pytest.fixture(autouse=True)
def people(site: FrappeServer) -> None:
    store = site.store
    store.insert("Shift Type", shift("Day", "10:00:00", "18:00:00"))
    store.insert("Shift Type", shift("Night", "22:00:00", "6:00:00"))
    joined = {"date_of_joining": "2020-01-01"}
    store.insert("Employee", {"name": "E1", "employee_name": "One", "default_shift": "Day", **joined})
    store.insert("Employee", {"name": "E2", "employee_name": "Two", "status": "Inactive", **joined})
    store.insert("Employee", {"name": "E3", "employee_name": "Three", "attendance_device_id": "77", **joined})
    window = {"employee": "E3", "shift_type": "Night", "start_date": "2015-01-01", "docstatus": 1}
    store.insert("Shift Assignment", window)


async def saved(call: Caller, **values: object) -> dict[str, object]:
    answer = await call.post(**values)
    assert answer.status_code == 200, answer.text
    document = answer.json()["data"]
    assert isinstance(document, dict)
    return document


async def test_a_punch_gets_its_name_shift_and_person(call: Caller) -> None:
    punch = await saved(call, employee="E1", time="2015-01-06 10:05:00", log_type="IN", device_id="D1")
    now = datetime.fromisoformat(str(punch["creation"]))
    assert punch["name"] == f"EMP-CKIN-{now:%m}-{now:%Y}-000001"
    assert (punch["shift"], punch["employee_name"], punch["offshift"]) == ("Day", "One", 0)
    assert punch["shift_actual_start"] == "2015-01-06 08:00:00"
    assert punch["shift_actual_end"] == "2015-01-06 23:00:00"
    assert punch["owner"] == "sync@example.com"


@pytest.mark.parametrize(
    ("time", "inside"),
    [("07:59:59", False), ("08:00:00", True), ("23:00:00", True), ("23:00:01", False)],
)
async def test_both_ends_of_the_window_belong_to_it(call: Caller, time: str, inside: bool) -> None:
    punch = await saved(call, employee="E1", time=f"2015-01-06 {time}")
    assert (punch.get("shift"), punch["offshift"]) == (("Day", 0) if inside else (None, 1))


@pytest.mark.parametrize(
    ("time", "start"),
    [
        ("2015-02-03 20:00:00", "2015-02-03 22:00:00"),
        ("2015-02-04 00:30:00", "2015-02-03 22:00:00"),
        ("2015-02-04 11:00:00", "2015-02-03 22:00:00"),
        ("2015-02-04 11:00:01", None),
        ("2015-02-03 19:59:59", None),
    ],
)
async def test_a_night_belongs_to_the_day_it_starts(call: Caller, time: str, start: str | None) -> None:
    assert (await saved(call, employee="E3", time=time)).get("shift_start") == start


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2015-01-06T11:00:00", "2015-01-06 11:00:00"),
        ("2015-01-06 11:00:00.700000", "2015-01-06 11:00:00"),
        ("06-01-2015 14:00", "2015-06-01 14:00:00"),
        ("2030-01-06 11:00:00", "2030-01-06 11:00:00"),
    ],
)
async def test_forms_of_time_that_are_accepted(call: Caller, given: str, kept: str) -> None:
    assert (await saved(call, employee="E1", time=given))["time"] == kept


@pytest.mark.parametrize(
    ("values", "status", "kind"),
    [
        ({"time": "2015-01-06T11:00:00Z"}, 500, "TypeError"),
        ({"time": "2015-01-06 11:00:00+02:00"}, 500, "TypeError"),
        ({"time": "yesterday"}, 500, "ParserError"),
        ({"time": 1420538400}, 500, "AttributeError"),
        ({"log_type": "in"}, 417, "ValidationError"),
        ({"log_type": "BREAK"}, 417, "ValidationError"),
        ({"employee": "E2"}, 417, "InactiveEmployeeStatusError"),
        ({"employee": None}, 417, "MandatoryError"),
    ],
)
async def test_punches_that_are_refused(
    call: Caller, values: dict[str, object], status: int, kind: str
) -> None:
    answer = await call.post(**({"employee": "E1", "time": "2015-01-06 11:00:00"} | values))
    assert (answer.status_code, answer.json()["exc_type"]) == (status, kind)


async def test_a_missing_time_means_now_and_a_missing_log_type_is_empty_text(
    site: FrappeServer, call: Caller
) -> None:
    punch = await saved(call, employee="E1", time=None)
    age = site.store.clock.local() - datetime.fromisoformat(str(punch["time"]))
    assert timedelta(0) <= age < timedelta(minutes=1)
    assert punch["log_type"] == ""


async def test_an_unknown_employee_is_accepted_off_shift(call: Caller) -> None:
    punch = await saved(call, employee="HR-EMP-99999", time="2015-01-06 11:00:00")
    assert punch["offshift"] == 1
    assert "employee_name" not in punch


async def test_the_same_second_twice(call: Caller) -> None:
    await saved(call, employee="E1", time="2015-01-06 11:00:00", log_type="IN")
    again = await call.post(employee="E1", time="2015-01-06 11:00:00.700000", log_type="IN")
    assert (again.status_code, again.json()["exc_type"]) == (417, "ValidationError")
    await saved(call, employee="E1", time="2015-01-06 11:00:00", log_type="OUT")


async def test_updates_and_optimistic_locking(site: FrappeServer, call: Caller) -> None:
    punch = await saved(call, employee="E1", time="2015-01-06 11:00:00", log_type="IN")
    path = f"{CHECKIN}/{punch['name']}"
    changed = (await call.client.put(path, json={"time": "2015-01-07 23:30:00"})).json()["data"]
    assert changed["modified"] > str(punch["modified"])
    assert (changed["time"], changed["offshift"]) == ("2015-01-07 23:30:00", 1)
    stale = await call.client.put(path, json={"device_id": "x", "modified": punch["modified"]})
    assert (stale.status_code, stale.json()["exc_type"]) == (417, "TimestampMismatchError")
    site.store.raw_update("Employee Checkin", str(punch["name"]), {"attendance": "HR-ATT-1"})
    linked = await call.client.put(path, json={"time": "2015-01-08 10:00:00"})
    assert linked.status_code == 417
    gone = await call.client.delete(path)
    assert (gone.status_code, gone.json()) == (202, {"data": "ok"})
    assert (await call.client.delete(path)).status_code == 404
    assert (await call.client.put(path, json={})).status_code == 404


async def test_submitted_documents(site: FrappeServer, call: Caller) -> None:
    row = {"employee": "E1", "attendance_date": "2015-01-06", "status": "Absent", "docstatus": 1}
    name = site.store.insert("Attendance", row)
    path = f"/api/resource/Attendance/{name}"
    changed = await call.client.put(path, json={"status": "Present"})
    assert (changed.status_code, changed.json()["exc_type"]) == (417, "UpdateAfterSubmitError")
    assert (await call.client.delete(path)).status_code == 417
    cancelled = (await call.client.put(path, json={"docstatus": 2})).json()["data"]
    assert (cancelled["docstatus"], cancelled["status"]) == (2, "Absent")
    assert (await call.client.put(path, json={"status": "Present"})).status_code == 417
    assert (await call.client.delete(path)).status_code == 202


async def test_leaves_are_submitted_once_decided_and_cancelled_with_their_attendance(
    site: FrappeServer, call: Caller
) -> None:
    site.store.insert("Leave Type", {"name": "Casual Leave", "leave_type_name": "Casual Leave"})
    leave = {
        "employee": "E1",
        "leave_type": "Casual Leave",
        "from_date": "2015-01-06",
        "to_date": "2015-01-06",
    }
    made = await call.post("/api/resource/Leave Application", **leave)
    name = made.json()["data"]["name"]
    path = f"/api/resource/Leave Application/{name}"
    assert (await call.client.put(path, json={"docstatus": 1})).status_code == 417
    done = await call.client.put(path, json={"docstatus": 1, "status": "Approved"})
    assert done.json()["data"]["docstatus"] == 1
    day = {"employee": "E1", "attendance_date": "2015-01-06", "status": "On Leave", "docstatus": 1}
    attendance = site.store.insert("Attendance", {**day, "leave_application": name})
    site.store.cancel("Leave Application", name)
    assert (await call.get(path)).json()["data"]["status"] == "Cancelled"
    assert (site.store.get("Attendance", attendance) or {})["docstatus"] == 2


@pytest.mark.parametrize(
    ("doctype", "values", "kind"),
    [
        ("Leave Application", {"employee": "nobody"}, "LinkValidationError"),
        ("Leave Application", {"employee": "E1"}, "MandatoryError"),
        ("Employee", {"employee_name": "X", "date_of_joining": "2020-01-01", "status": "Away"}, "ValidationError"),
        ("Employee", {"name": "E1", "employee_name": "X", "date_of_joining": "2020-01-01"}, "DuplicateEntryError"),
    ],
)  # fmt: skip
async def test_documents_that_are_refused(
    call: Caller, doctype: str, values: dict[str, object], kind: str
) -> None:
    answer = await call.post(f"/api/resource/{doctype}", **values)
    assert answer.json()["exc_type"] == kind
    assert answer.status_code == (409 if kind == "DuplicateEntryError" else 417)


async def test_bodies_that_are_no_documents(call: Caller) -> None:
    for body in (b"{", b"[1]"):
        answer = await call.client.post(CHECKIN, content=body)
        assert answer.status_code == 500
    form = await call.client.post(CHECKIN, data={"employee": "E1", "time": "2015-01-06 11:00:00"})
    assert form.json()["data"]["employee"] == "E1"


async def test_the_method_of_biometric_tools(call: Caller) -> None:
    made = await call.post(ADD_LOG, employee_field_value="77", timestamp="2015-02-03 22:01:00", device_id="D")
    assert made.json()["message"]["employee"] == "E3"
    assert made.json()["message"]["shift"] == "Night"
    unknown = await call.post(ADD_LOG, employee_field_value="78", timestamp="2015-02-03 22:01:00")
    assert (unknown.status_code, unknown.json()["exc_type"]) == (417, "ValidationError")
    assert (await call.post(ADD_LOG, employee_field_value="77")).status_code == 417


async def test_many_at_once_all_or_none(site: FrappeServer, call: Caller) -> None:
    def punches(count: int) -> list[dict[str, object]]:
        day = datetime(2015, 1, 6, 8)
        return [
            {"doctype": "Employee Checkin", "employee": "E1", "time": str(day + timedelta(minutes=n))}
            for n in range(count)
        ]

    method = "/api/method/frappe.client.insert_many"
    made = await call.post(method, docs=punches(200))
    assert len(set(made.json()["message"])) == 200
    assert (await call.post(method, docs=punches(201))).status_code == 417
    broken = [*punches(3), {"doctype": "Employee Checkin", "employee": "E1", "log_type": "X"}]
    assert (await call.post(method, docs=broken)).status_code == 417
    assert site.store.count("Employee Checkin") == 200


async def test_the_recorded_report_or_a_refusal(site: FrappeServer, call: Caller) -> None:
    site.store.put_report("Monthly Attendance Sheet", False, {"columns": [], "result": [{"employee": "E1"}]})

    async def run(**filters: object) -> tuple[int, dict[str, object]]:
        path = "/api/method/frappe.desk.query_report.run"
        answer = await call.get(path, report_name="Monthly Attendance Sheet", filters=filters)
        return answer.status_code, answer.json()

    status, body = await run(company="C", month=3, year=2026)
    assert status == 200
    assert body["message"]["result"] == [{"employee": "E1"}]  # type: ignore[index]
    assert (await run(company="C"))[0] == 417
    assert (await run(month=3, year=2026))[0] == 417
    assert (await run(company="C", filter_based_on="Date Range"))[0] == 417
    assert (await run(company="C", month=3, year=2026, summarized_view=1))[0] == 404
