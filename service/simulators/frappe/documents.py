"""Documents through the front door: the site's own rules on create, update and delete (spec D.1,
observed)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from service.simulators.frappe.catalogue import DOCTYPES
from service.simulators.frappe.doctypes import Doctype, Field
from service.simulators.frappe.failures import Failure, not_found, validation
from service.simulators.frappe.profiles import Profile
from service.simulators.frappe.shifts import shift_of_punch
from service.simulators.frappe.store import Store
from service.simulators.frappe.values import parse_datetime, stored, stored_datetime, whole_number

_READ_ONLY = frozenset({"creation", "owner", "modified", "modified_by", "doctype", "idx"})
Values = Mapping[str, object]


def wire_document(store: Store, doctype: str, name: str, version: int) -> dict[str, object]:
    """One document as a GET answers it: null fields left out, `doctype` added (observed). 404 where there is
    none."""
    document = store.get(doctype, name)
    if document is None:
        raise not_found(doctype, name)
    return _wire(DOCTYPES[doctype], document, version)


def _wire(kind: Doctype, document: Values, version: int) -> dict[str, object]:
    visible = kind.visible(version)
    answer: dict[str, object] = {k: v for k, v in document.items() if k in visible and v is not None}
    answer["doctype"] = kind.name
    for fieldname, child in kind.tables.items():
        rows = document.get(fieldname)
        kept = rows if isinstance(rows, list) else []
        answer[fieldname] = [_wire(DOCTYPES[child], row, version) for row in kept]
    return answer


def create_document(store: Store, profile: Profile, doctype: str, given: Values, user: str) -> str:
    """Validate and add one document; answers its name, raises the site's refusal."""
    kind = DOCTYPES[doctype]
    values = _own_fields(kind, given, profile)
    values |= {"owner": user, "modified_by": user}
    if doctype == "Employee Checkin":
        values |= _checkin(store, profile, values, None)
    else:
        _check_links(store, kind, values)
    _check_mandatory(kind, values)
    _check_choices(kind, values)
    name = str(values.get("name") or "")
    if name and store.get(doctype, name):
        raise Failure(
            409, "DuplicateEntryError", f"frappe.exceptions.DuplicateEntryError: ('{doctype}', '{name}')"
        )
    return store.insert(doctype, values)


def update_document(
    store: Store, profile: Profile, doctype: str, name: str, given: Values, user: str
) -> None:
    """Change some fields of a document; a stale `modified` and a submitted document are refused."""
    kind = DOCTYPES[doctype]
    current = store.get(doctype, name)
    if current is None:
        raise not_found(doctype, name)
    if given.get("modified") and str(given["modified"]) != str(current["modified"]):
        text = (
            "Document has been modified after you have opened it. Please refresh to get the latest document."
        )
        raise validation(text, "TimestampMismatchError")
    values = {k: v for k, v in _own_fields(kind, given, profile).items() if k != "name"}
    changed = {
        k: v for k, v in values.items() if k in kind.tables or stored(kind.columns[k], v) != current[k]
    }
    if kind.submittable and _submission(store, kind, name, current, changed):
        return
    if doctype == "Employee Checkin":
        changed |= _checkin(store, profile, {**current, **changed}, current)
    else:
        _check_links(store, kind, changed)
    _check_choices(kind, changed)
    store.update(doctype, name, {**changed, "modified_by": user})


def delete_document(store: Store, doctype: str, name: str) -> None:
    """Remove a document; a submitted one must be cancelled first (417). A linked check-in may go
    (observed)."""
    current = store.get(doctype, name)
    if current is None:
        raise not_found(doctype, name)
    if DOCTYPES[doctype].submittable and current["docstatus"] == 1:
        raise validation(f"{doctype} {name}: Submitted Record cannot be deleted. You must Cancel it first.")
    store.delete(doctype, name)


def _own_fields(kind: Doctype, given: Values, profile: Profile) -> dict[str, object]:
    """Fields the doctype knows; others are dropped without a word, as there."""
    known = set(kind.visible(profile.version)) | set(kind.tables)
    return {name: value for name, value in given.items() if name in known and name not in _READ_ONLY}


def _submission(store: Store, kind: Doctype, name: str, current: Values, changed: Values) -> bool:
    """Whether the update was a cancellation; refuses changes to a submitted or cancelled document."""
    before, after = current["docstatus"], whole_number(changed.get("docstatus", current["docstatus"]))
    if before == 1 and after == 2:
        store.cancel(kind.name, name)
        return True
    if before == 1 and changed:
        field = next(iter(changed))
        raise validation(f"Not allowed to change {field} after submission", "UpdateAfterSubmitError")
    if before == 2 and changed:
        raise validation("Cannot edit cancelled document")
    status = changed.get("status", current.get("status"))
    if after == 1 and kind.name == "Leave Application" and status not in {"Approved", "Rejected"}:
        raise validation("Only Leave Applications with status 'Approved' and 'Rejected' can be submitted")
    return False


def _checkin(store: Store, profile: Profile, values: Values, current: Values | None) -> dict[str, object]:
    """The fields that saving a check-in fills, and its refusals."""
    moment = _punch_time(store, profile, values.get("time"))
    log_type = values.get("log_type") or ""
    if log_type not in {"", "IN", "OUT"}:
        raise validation(f'Log Type cannot be "{log_type}". It should be one of "", "IN", "OUT"')
    employee = str(values.get("employee") or "")
    person = store.get("Employee", employee) if employee else None
    if person and person["status"] == "Inactive":
        raise validation(
            f"Transactions cannot be created for an Inactive Employee {employee}",
            "InactiveEmployeeStatusError",
        )
    if current and current["attendance"] and str(current["time"]) != str(moment):
        raise validation("Time cannot be changed for a log linked with an Attendance record")
    _refuse_twin(store, employee, moment, str(log_type), current)
    shift = shift_of_punch(store, employee, moment) if person else {"shift": None, "offshift": 1}
    name = person["employee_name"] if person else None
    return {"time": moment, "log_type": log_type, "employee_name": name, **shift}


def _punch_time(store: Store, profile: Profile, given: object) -> datetime:
    """A missing time means now; newer releases cut the fraction (observed)."""
    moment = parse_datetime(given) if given not in (None, "") else store.clock.local()
    return moment.replace(microsecond=0) if profile.whole_seconds else moment


def _refuse_twin(
    store: Store, employee: str, moment: datetime, log_type: str, current: Values | None
) -> None:
    """Same employee, time and log type: refused; another log type at the same time is accepted (observed)."""
    for row in store.rows("Employee Checkin", employee=employee, time=stored_datetime(moment)):
        same = (row["log_type"] or "") == log_type and (current is None or row["name"] != current["name"])
        if same:
            raise validation(f"This employee already has a log with the same timestamp. {row['name']}")


def _check_mandatory(kind: Doctype, values: Values) -> None:
    missing = [f.name for f in kind.fields if f.required and values.get(f.name) in (None, "")]
    if missing:
        raise validation(f"[{kind.name}, {values.get('name')}]: {', '.join(missing)}", "MandatoryError")


def _check_choices(kind: Doctype, values: Values) -> None:
    for field in kind.fields:
        value = values.get(field.name)
        if field.kind == "Select" and value and str(value) not in field.choices:
            offered = ", ".join(f'"{choice}"' for choice in field.choices)
            raise validation(f'{field.name} cannot be "{value}". It should be one of {offered}')


def _check_links(store: Store, kind: Doctype, values: Values) -> None:
    for field in kind.fields:
        if _dangling(store, field, values.get(field.name)):
            text = f"Could not find {field.options}: {values[field.name]}"
            raise validation(text, "LinkValidationError")


def _dangling(store: Store, field: Field, value: object) -> bool:
    return (
        field.kind == "Link"
        and bool(value)
        and field.options in DOCTYPES
        and not store.get(field.options, str(value))
    )
