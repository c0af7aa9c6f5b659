"""Whitelisted functions under `/api/method/` (spec E.2, D.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from service.simulators.frappe.calls import Call
from service.simulators.frappe.config import ApiKey
from service.simulators.frappe.documents import create_document, wire_document
from service.simulators.frappe.failures import Failure, validation
from service.simulators.frappe.filters import parse_json
from service.simulators.frappe.resources import counted, list_rows, read_one, readable
from service.simulators.frappe.values import whole_number
from service.simulators.serving.answers import Answer, json_answer

if TYPE_CHECKING:
    from service.simulators.frappe.site import Site

Method = Callable[["Site", Call, ApiKey], object]
_INSERT_MAXIMUM = 200  # observed: 201 documents are refused


def call_method(site: Site, call: Call, key: ApiKey) -> Answer:
    """Run the function the path names; 417 for one that does not exist (observed)."""
    method = METHODS.get(call.name)
    if method is None:
        app = call.name.split(".", maxsplit=1)[0]
        text = f"Failed to get method for command {call.name} with App {app} is not installed"
        raise validation(text)
    if key.user == "Guest" and call.name not in OPEN:
        raise Failure(403, "PermissionError", "frappe.exceptions.PermissionError", ["Login to access"])
    if call.name in _LISTS:
        return _list(site, call, key)
    payload = method(site, call, key)
    return json_answer({"data" if call.v2 else "message": payload})


def _arguments(call: Call) -> dict[str, object]:
    return {**call.params, **(call.document if call.method == "POST" else {})}


def _ping(_site: Site, _call: Call, _key: ApiKey) -> object:
    return "pong"


def _version(site: Site, _call: Call, _key: ApiKey) -> object:
    return site.profile.release


def _logged_user(_site: Site, _call: Call, key: ApiKey) -> object:
    return key.user


def _time_zone(site: Site, _call: Call, _key: ApiKey) -> object:
    return {"time_zone": site.store.clock.zone.key}


def _client_count(site: Site, call: Call, key: ApiKey) -> object:
    """Older releases ignored row restrictions here (spec E.2); `limit` is not one of its parameters."""
    arguments = {name: value for name, value in _arguments(call).items() if name != "limit"}
    return counted(site, call, key, arguments, see_all=site.profile.client_count_sees_all)


def _view_count(site: Site, call: Call, key: ApiKey) -> object:
    return counted(site, call, key, _arguments(call))


def _list(site: Site, call: Call, key: ApiKey) -> Answer:
    """`frappe.client.get_list`: the list of the resource route in the envelope of methods."""
    arguments = _arguments(call)
    call.doctype = str(arguments.get("doctype", ""))
    answer = list_rows(site, call, key, arguments)
    if isinstance(answer.body, bytes) and not call.v2:
        return answer.but(body=b'{"message":' + answer.body.removeprefix(b'{"data":'))
    return answer


def _get(site: Site, call: Call, key: ApiKey) -> object:
    arguments = _arguments(call)
    return read_one(site, call, key, str(arguments.get("doctype")), str(arguments.get("name")))


def _insert_many(site: Site, call: Call, key: ApiKey) -> object:
    documents = parse_json(_arguments(call).get("docs"))
    if not isinstance(documents, list):
        raise validation("docs must be a list")
    if len(documents) > _INSERT_MAXIMUM:
        raise validation(f"Only {_INSERT_MAXIMUM} inserts allowed in one request")
    with site.store.database.write():
        return [_insert(site, key, document) for document in documents]


def _insert(site: Site, key: ApiKey, document: dict[str, object]) -> str:
    doctype = readable(site, key, str(document.get("doctype"))).name
    return create_document(site.store, site.profile, doctype, document, key.user)


def _add_log(site: Site, call: Call, key: ApiKey) -> object:
    """What biometric tools call: the person is found by a field of Employee, `attendance_device_id` by
    default."""
    given = _arguments(call)
    value, moment = given.get("employee_field_value"), given.get("timestamp")
    if not value or not moment:
        raise validation("'employee_field_value' and 'timestamp' are required.")
    field = str(given.get("employee_fieldname") or "attendance_device_id")
    people = site.store.rows("Employee", **{field: str(value)}) if field in _PERSON_FIELDS else []
    if not people:
        raise validation(f"No Employee found for the given employee field value. '{field}': {value}")
    punch = {
        "employee": people[0]["name"], "time": moment, "device_id": given.get("device_id"),
        "log_type": given.get("log_type"),
        "skip_auto_attendance": whole_number(given.get("skip_auto_attendance") or 0),
    }  # fmt: skip
    name = create_document(site.store, site.profile, "Employee Checkin", punch, key.user)
    return wire_document(site.store, "Employee Checkin", name, site.profile.version)


def _run_report(site: Site, call: Call, key: ApiKey) -> object:
    """The recorded answer of a report; the site's refusals for missing filters (spec D.10, D.12)."""
    given = _arguments(call)
    name = str(given.get("report_name", ""))
    filters = parse_json(given.get("filters") or "{}")
    chosen = filters if isinstance(filters, dict) else {}
    readable(site, key, "Attendance")
    if name == "Monthly Attendance Sheet":
        _check_sheet_filters(chosen)
    answer = site.store.report(name, bool(whole_number(chosen.get("summarized_view") or 0)))
    if answer is None:
        raise Failure(404, "DoesNotExistError", messages=[f"Report {name} not found"], raised=True)
    return answer


def _check_sheet_filters(filters: dict[str, object]) -> None:
    if not filters.get("company"):
        raise validation("Please select Company")
    by_month = filters.get("filter_based_on", "Month") == "Month"
    if by_month and not (filters.get("month") and filters.get("year")):
        raise validation("Please select month and year.")
    if not by_month and not (filters.get("start_date") and filters.get("end_date")):
        raise validation("Please set the date range.")


_PERSON_FIELDS = frozenset({"attendance_device_id", "name", "employee", "user_id"})
_LISTS = frozenset({"frappe.client.get_list"})
OPEN = frozenset({"ping", "frappe.ping", "version", "frappe.client.get_time_zone"})
METHODS: dict[str, Method] = {
    "ping": _ping,
    "frappe.ping": _ping,
    "version": _version,
    "frappe.auth.get_logged_user": _logged_user,
    "frappe.client.get_time_zone": _time_zone,
    "frappe.client.get_count": _client_count,
    "frappe.client.get_list": _list,
    "frappe.client.get": _get,
    "frappe.client.insert_many": _insert_many,
    "frappe.desk.reportview.get_count": _view_count,
    "frappe.desk.query_report.run": _run_report,
    "hrms.hr.doctype.employee_checkin.employee_checkin.add_log_based_on_employee_field": _add_log,
}
