"""Faults that a test can order from the site; those of the wire are `service.simulators.serving.faults`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

import orjson

from service.simulators.gartan.calls import Call, Kind
from service.simulators.gartan.given import off_during
from service.simulators.gartan.grid import View
from service.simulators.gartan.pages import denied_page, failed
from service.simulators.gartan.plan import Appliance
from service.simulators.serving import plan
from service.simulators.serving.answers import HTML, Answer, html
from service.simulators.serving.faults import (
    answering,
    broken_off,
    gzip_bomb,
    hang_after_headers,
    html_error,
    huge_body,
    latency,
    raw,
    reset,
    slow_body,
    truncated,
    wrong_content_type,
)
from service.simulators.serving.plan import AnyFault, Inner, Orders

__all__ = [
    "FaultPlan",
    "access_denied",
    "appliances_absent",
    "broken_off",
    "changed_layout",
    "counted",
    "duplicate_name",
    "empty_d",
    "gzip_bomb",
    "hang_after_headers",
    "header_only",
    "html_error",
    "huge_body",
    "labelled",
    "latency",
    "missing_d",
    "not_json",
    "only_hours",
    "other_colours",
    "raw",
    "reset",
    "row_of",
    "rows_absent",
    "second_appliance",
    "server_failure",
    "site_message",
    "slow_body",
    "too_many_requests",
    "trailing_header",
    "truncated",
    "unclear_cells",
    "unknown_code",
    "viewed",
    "with_tbody",
    "without_person",
    "wrong_content_type",
]

Fault = plan.Fault[Call]
Rule = plan.Rule[Call]


class FaultPlan(Orders[Call]):
    """The faults in force. Several that hit one request are nested, the first added outermost."""

    def add(
        self,
        fault: Fault,
        kind: Kind | None = "grid",
        *,
        day: date | None = None,
        brigade: int | None = None,
        nth: int | Collection[int] | None = None,
        times: int | None = None,
        when: Callable[[Call], bool] | None = None,
    ) -> Rule:
        """Put a fault into force.

        It hits requests of a kind (None: all), for one day or brigade; `nth` (from 1) picks among them,
        `times` ends it after so many strikes. Without them it lasts until `clear` or `remove`.
        """

        def hits(call: Call) -> bool:
            pairs = ((kind, call.kind), (day, call.day), (brigade, call.brigade))
            return all(wanted in (None, found) for wanted, found in pairs) and (when is None or when(call))

        return self.order(fault, hits, nth, times)


def server_failure(status: int = 500) -> AnyFault:
    """An error of ASP.NET, as JSON."""
    answer = failed("System.Data.SqlClient.SqlException", "Timeout expired.", status)
    return answering(answer, f"server_failure({status})")


def too_many_requests(retry_after: str | None = None, status: int = 429) -> AnyFault:
    """429 or 503 with `Retry-After` as given, or without it."""
    headers = () if retry_after is None else (("retry-after", retry_after),)
    return answering(html(status, "<h1>Too many requests</h1>", headers), f"too_many_requests({retry_after})")


def not_json(text: str = "<html><body>Service Unavailable</body></html>") -> AnyFault:
    """200 with a body that is no JSON."""
    return answering(Answer(200, text.encode(), HTML), "not_json")


def missing_d() -> AnyFault:
    """200 with JSON that has no `d`."""
    return answering(Answer(200, b'{"Message":"No schedule."}'), "missing_d")


def empty_d() -> AnyFault:
    """200 with an empty grid."""
    return answering(Answer(200, b'{"d":""}'), "empty_d")


def site_message(text: str) -> AnyFault:
    """200 with another text as `d`."""
    return answering(Answer(200, orjson.dumps({"d": text})), "site_message")


def access_denied() -> AnyFault:
    """200 with the page of an account without rights."""
    return answering(html(200, denied_page()), "access_denied")


def viewed(change: Callable[[View], View], label: str) -> Fault:
    """A fault that changes what is drawn; for requests that draw nothing it does nothing."""

    async def fault(call: Call, inner: Inner) -> Answer:
        if call.view is not None:
            call.view = change(call.view)
        return await inner()

    fault.__name__ = label
    return fault


def rows_absent() -> Fault:
    """A grid without a person's row."""
    return viewed(lambda view: view.but(people=False), "rows_absent")


def header_only() -> Fault:
    """Nothing but the first row."""
    return viewed(lambda view: view.but(people=False, appliances=False, rules=False), "header_only")


def appliances_absent() -> Fault:
    """No section of appliances."""
    return viewed(lambda view: view.but(appliances=False), "appliances_absent")


def changed_layout(table: str = "gridSchedule") -> Fault:
    """Another id of the table: a redesign."""
    return viewed(lambda view: view.but(table=table), "changed_layout")


def other_colours(free: str = "#4ea72e", busy: str = "#323232") -> Fault:
    """The colours of another version of the site."""
    return viewed(lambda view: view.but(free=free, busy=busy), "other_colours")


def trailing_header(*texts: str) -> Fault:
    """Header cells after the times, `Total` by default."""
    return viewed(lambda view: view.but(trailing=texts or ("Total",)), "trailing_header")


def with_tbody() -> Fault:
    """Rows inside `<tbody>`."""
    return viewed(lambda view: view.but(tbody=True), "with_tbody")


def labelled(mode: str) -> Fault:
    """Days of 23 and 25 hours labelled `single` or `double`."""
    return viewed(lambda view: view.but(mode=mode), f"labelled({mode})")


def only_hours(first: float, end: float) -> Fault:
    """Only the columns of these wall hours."""
    return viewed(lambda view: view.but(only=(int(first * 60), int(end * 60))), "only_hours")


def row_of(name: str, cells: int) -> Fault:
    """A person's row with that many cells more, or fewer."""
    return viewed(lambda view: view.but(cells={**view.style.cells, name: cells}), f"row_of({cells:+})")


def counted(what: str, columns: Collection[str], number: int) -> Fault:
    """The Rules section prints another number in these columns."""
    printed = dict.fromkeys(columns, number)
    return viewed(lambda view: view.but(counts={**view.style.counts, what: printed}), "counted")


def without_person(name: str) -> Fault:
    """A person disappears."""
    return viewed(lambda view: view.but(station=view.station.without(name)), "without_person")


def duplicate_name(name: str) -> Fault:
    """A person's row comes twice."""

    def doubled(view: View) -> View:
        crew = (*view.station.crew, view.station.member(name))
        return view.but(station=view.station.but(crew=crew))

    return viewed(doubled, "duplicate_name")


def unknown_code(name: str, code: str = "ZZ", hours: tuple[float, float] = (10, 12)) -> Fault:
    """A person is off for a reason nobody has heard of."""

    def coded(view: View) -> View:
        booked = off_during(view.day, [hours], code, view.station.zone)
        return view.but(station=view.station.booked(name, *booked))

    return viewed(coded, "unknown_code")


def unclear_cells(name: str, hours: tuple[float, float] = (10, 12)) -> Fault:
    """Cells of a person that say neither yes nor no."""
    return unknown_code(name, "unclear", hours)


def second_appliance(name: str = "P22P7", ref: int = 68) -> Fault:
    """One appliance more, by the same rule."""

    def joined(view: View) -> View:
        return view.but(station=view.station.but(appliances=(*view.station.appliances, Appliance(name, ref))))

    return viewed(joined, "second_appliance")
