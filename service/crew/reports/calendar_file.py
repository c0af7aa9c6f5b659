"""Availability as a calendar (RFC 5545): an event for each run, in the station's own zone.

A wall time that autumn repeats means its first occurrence in a calendar (RFC 5545, 3.3.5); a run that begins
or ends in the second is written in UTC. It holds no secret: names, times, and what it does not know.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from service.crew.rules.calendar import days
from service.crew.rules.slots import clock_change, midnight
from service.reporting.completeness import reasons_of
from service.reporting.report import Formatter, View

if TYPE_CHECKING:
    from icalendar import Component, Event, Timezone

PRODUCT: Final = "-//Muster//Crew availability//EN"
REFRESH: Final = timedelta(hours=1)
_WORDS: Final = {
    "en": {
        "available": "available", "at_least": "At least until then: nothing later is known.",
        "incomplete": "Not complete: ", "all": "Availability",
    },
    "es": {
        "available": "disponible", "at_least": "Al menos hasta entonces: después no se sabe nada.",
        "incomplete": "Incompleto: ", "all": "Disponibilidad",
    },
}  # fmt: skip


def pieces(view: View) -> Iterable[bytes]:
    """The file: everything about the calendar, then its events one by one."""
    # Half of what opening the service takes otherwise (120 ms), for a format that few ask for.
    from icalendar import Calendar  # noqa: PLC0415

    words, zone = _WORDS[view.style.locale], view.answer["meta"]["timezone"]
    rows = list(view.each_row)
    calendar = Calendar.new(
        prodid=PRODUCT,
        name=_name(view, words),
        description=_told(view, words),
        uid=_uid(view),
        method="PUBLISH",
        refresh_interval=REFRESH,
    )
    if zone != "UTC" and rows:
        last = max(row["ends_at"] for row in rows)
        first = min(row["starts_at"] for row in rows)
        calendar.add_component(_timezone(zone, _local(first, zone).date(), _local(last, zone).date()))
    head, tail = calendar.to_ical().split(b"END:VCALENDAR")
    yield head
    stamp = _stamp(view)
    for row in rows:
        yield _event(row, zone, stamp, words).to_ical()
    yield b"END:VCALENDAR" + tail


def _event(row: Mapping[str, Any], zone: str, stamp: datetime, words: Mapping[str, str]) -> "Event":
    from icalendar import Event  # noqa: PLC0415  as above

    start, end = _local(row["starts_at"], zone), _local(row["ends_at"], zone)
    if start.fold or end.fold:
        start, end = start.astimezone(UTC), end.astimezone(UTC)
    return Event.new(
        uid=f"{row['station']}-{row['crew_id']}-{_compact(row['starts_at'])}@crew.muster",
        summary=f"{row['name']}: {words['available']}",
        description=words["at_least"] if row["is_lower_bound"] else None,
        location=row["station"],
        start=start,
        end=end,
        stamp=stamp,
    )


def _timezone(zone: str, first: date, last: date) -> "Timezone":
    """The zone over these days: what holds at their beginning, and each change of the clocks."""
    from icalendar import Timezone  # noqa: PLC0415  as above

    made = Timezone()
    made.add("tzid", zone)
    begins = midnight(first, zone).astimezone(ZoneInfo(zone))
    made.add_component(_observance(begins, begins.utcoffset(), begins.replace(tzinfo=None)))
    for onset, before, after in _changes(zone, first, last):
        made.add_component(_observance(after, before, onset))
    return made


def _changes(zone: str, first: date, last: date) -> Iterator[tuple[datetime, timedelta | None, datetime]]:
    """Each change: the wall time before it at which it happens, the offset before, an instant after."""
    for day in days(first, last):
        change = clock_change(day, zone)
        if change is not None:
            start = datetime.combine(day, datetime.min.time())
            before = midnight(day, zone).astimezone(ZoneInfo(zone)).utcoffset()
            after = midnight(day + timedelta(days=1), zone) - timedelta(minutes=1)
            yield start + timedelta(minutes=change[0]), before, after.astimezone(ZoneInfo(zone))


def _observance(holds: datetime, before: timedelta | None, onset: datetime) -> "Component":
    from icalendar import TimezoneDaylight, TimezoneStandard  # noqa: PLC0415  as above

    made = TimezoneDaylight() if holds.dst() else TimezoneStandard()
    made.add("dtstart", onset)
    made.add("tzname", holds.tzname())
    made.add("tzoffsetfrom", before)
    made.add("tzoffsetto", holds.utcoffset())
    return made


def _name(view: View, words: Mapping[str, str]) -> str:
    params, rows = view.answer["params"], view.answer["items"]
    whom: Sequence[str] = [rows[0]["name"]] if "crew_id" in params and rows else []
    return " ".join([words["all"], *filter(None, [params.get("station")]), *whom])


def _told(view: View, words: Mapping[str, str]) -> str | None:
    reasons = reasons_of(view.answer["meta"])
    return words["incomplete"] + "; ".join(reasons) if reasons else None


def _uid(view: View) -> str:
    params = view.answer["params"]
    return f"availability-{params.get('station', 'all')}-{params.get('crew_id', 'all')}@crew.muster"


def _stamp(view: View) -> datetime:
    """When the newest data came, so that equal data give equal bytes."""
    meta = view.answer["meta"]
    return datetime.fromisoformat(meta["generated_at"] or meta["as_of"]).astimezone(UTC)


def _local(instant: str, zone: str) -> datetime:
    return datetime.fromisoformat(instant).astimezone(UTC if zone == "UTC" else ZoneInfo(zone))


def _compact(instant: str) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(UTC):%Y%m%dT%H%M%SZ}"


ICS: Final = Formatter(media_type="text/calendar; charset=utf-8", extension="ics", write=pieces)
