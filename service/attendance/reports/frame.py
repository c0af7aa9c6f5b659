"""What a report knows before it reads a day: whose days, under which rules, how complete they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from service.attendance.queries.day_rows import DaysOf
from service.attendance.reports.periods import Chosen, choose
from service.attendance.reports.standing import standing
from service.core.database import ReadConnection
from service.reporting.report import BuildContext, Built, Completeness
from service.schemas.attendance.reports import PeopleFilter


@dataclass(frozen=True, slots=True)
class Frame:
    """The chosen days, people and rules, with their completeness and the zone of their clocks."""

    chosen: Chosen
    completeness: Completeness
    zone: str

    @property
    def days(self) -> DaysOf:
        """As what a statement reads."""
        chosen = self.chosen
        return DaysOf(rule_set=chosen.rule_set.id, start=chosen.start, end=chosen.end, people=chosen.ids)

    def built(
        self,
        rows: Sequence[Mapping[str, Any]],
        summary: Mapping[str, Any],
        *,
        notes: Sequence[str] = (),
        next_change: datetime | None = None,
    ) -> Built:
        """These rows as the answer."""
        return Built(
            rows=rows,
            completeness=self.completeness,
            timezone=self.zone,
            rules_version=self.chosen.rule_set.key,
            notes=notes,
            summary=summary,
            next_change=next_change,
        )


async def framed(conn: ReadConnection, params: PeopleFilter, context: BuildContext) -> Frame:
    """The frame of a report; raises as `choose` does."""
    chosen = await choose(conn, params, context)
    return Frame(chosen, *await standing(conn, chosen))


def day_link(number: str, day: date | str, rule_set: str | None = None) -> str:
    """Where the day of a person explains itself, under the rule set named or the default one."""
    path = f"/v1/attendance/days/{quote(number, safe='')}/{day}/explain"
    return path if rule_set is None else f"{path}?{urlencode({'rule_set': rule_set})}"


def checkins_link(number: str, day: date) -> str:
    """Where the check-ins of a person and date are listed."""
    return listed_link("checkins", number, day)


def listed_link(what: str, number: str, day: date) -> str:
    """Where a person's `checkins`, `leaves` or `corrections` of a date are listed."""
    query = urlencode({"person": number, "from": day.isoformat(), "to": day.isoformat()})
    return f"/v1/attendance/{what}?{query}"
