"""Rows behind the recorded answers, so that a replay can be compared value by value."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from service.simulators.frappe import ApiKey, FrappeConfig, Store
from tests.simulators.frappe.recorded import Exchange, exchanges

KEYS = (
    ApiKey("KEY", "SECRET", user="sync@example.com"),
    ApiKey("DKEY", "DSECRET", user="gone@example.com", enabled=False),
    ApiKey("NKEY", "NSECRET", user="norole@example.com", readable=frozenset()),
    ApiKey("LKEY", "LSECRET", user="limited@example.com", employees=frozenset({"HR-EMP-00001"})),
    ApiKey("AKEY", "ASECRET", user="Administrator", administrator=True),
)
CONFIG = FrappeConfig(keys=KEYS)
_COLUMNS = (
    "name",
    "creation",
    "modified",
    "employee",
    "employee_name",
    "log_type",
    "shift",
    "time",
    "device_id",
)
# Names of HR-EMP-00001's first punches, from the list of the restricted user and the ordered list.
_NAMED = {
    "2015-01-02 09:43:00": "EMP-CKIN-01-2015-000199",
    "2015-01-02 16:56:00": "EMP-CKIN-01-2015-001263",
    "2015-01-05 10:08:00": "EMP-CKIN-01-2015-002563",
    "2015-01-05 17:20:00": "EMP-CKIN-01-2015-003351",
}


def recorded_site(store: Store) -> Store:
    """Fill `store` with the rows that the recordings show, and fillers up to the recorded counts."""
    found = {exchange.title: exchange for exchange in exchanges()}
    for number in (1, 2, 3, 177, 568, 668, 757):
        store.insert("Employee", _employee(number))
    first = found["read one"].body
    assert isinstance(first, dict)
    store.insert("Employee Checkin", {k: v for k, v in first["data"].items() if k != "doctype"})
    store.insert_rows("Employee Checkin", _COLUMNS, _rows(found))
    return store


def _employee(number: int) -> dict[str, object]:
    name = f"HR-EMP-{number:05d}"
    return {"name": name, "employee_name": f"Emp{number:04d} Test", "date_of_joining": "2014-01-01"}


def _row(
    name: str, employee: int, time: str, log_type: str = "IN", shift: str = "Day 025"
) -> tuple[str, ...]:
    changed = f"{time}.000007"
    person = f"HR-EMP-{employee:05d}"
    return name, changed, changed, person, f"Emp{employee:04d} Test", log_type, shift, time, "gate-2"


def _rows(found: dict[str, Exchange]) -> Iterator[tuple[str, ...]]:
    yield from _listed(found)
    yield from _person_one(found)
    yield _row("EMP-CKIN-01-2015-001947", 3, "2015-01-05 09:03:49")
    yield _row("EMP-CKIN-01-2015-001875", 177, "2015-01-04 22:00:00", shift="Night")
    for employee, times in ((2, ("10:15", "18:22")), (3, ("10:17", "16:59"))):
        for at, kind in zip(times, ("IN", "OUT"), strict=True):
            yield _row(f"EMP-CKIN-01-2015-1{employee}{kind}", employee, f"2015-01-02 {at}:00", kind)
    for employee in (568, 668):
        begin = datetime(2015, 3, 1, 9)
        for number in range(492):
            time = str(begin + timedelta(hours=12 * number))
            yield _row(f"EMP-CKIN-03-2015-{employee}{number:03d}", employee, time)


def _listed(found: dict[str, Exchange]) -> Iterator[tuple[str, ...]]:
    """The twenty of the default list, after the one that was read whole."""
    for number, row in enumerate(found["list default"].rows):
        assert isinstance(row, dict)
        name = row["name"]
        if name.endswith("-000002"):
            yield _row(name, 177, "2015-01-02 09:04:50")
        elif not name.endswith("-000001"):
            yield _row(name, 177, f"2015-01-03 09:05:{number:02d}")


def _person_one(found: dict[str, Exchange]) -> Iterator[tuple[str, ...]]:
    """464 punches, IN and OUT by turns: the recorded ones first."""
    times = [
        row["time"] for row in found["limit_page_length=0 (narrow filter)"].rows if isinstance(row, dict)
    ]
    last = datetime.fromisoformat(times[-1])
    times += [str(last + timedelta(hours=6 * step)) for step in range(1, 465 - len(times))]
    micro = {
        "2015-01-05 10:08:00": "2015-01-05 10:11:35.379335",
        "2015-01-05 17:20:00": "2015-01-05 17:21:32.687987",
    }
    for number, time in enumerate(times):
        name = _NAMED.get(time, f"EMP-CKIN-02-2015-{number:06d}")
        row = list(_row(name, 1, time, "OUT" if number % 2 else "IN"))
        row[1] = row[2] = micro.get(time, row[2])
        yield tuple(row)
