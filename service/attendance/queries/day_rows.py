"""Days as rows of reports: the columns that a report names, of the days it is about, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from sqlalchemy import ARRAY, ColumnElement, Integer, RowMapping, any_, case, func, literal, or_, select

from service.attendance.models import (
    Company,
    Day,
    Holiday,
    HolidayList,
    Person,
    ShiftType,
    Site,
    UpstreamAttendance,
)
from service.attendance.rules.ruleset import Punctuality
from service.core.database import ReadConnection

Kind = Literal["attended", "late_or_early", "within_grace", "overtime", "on_holiday"]
Column = ColumnElement[Any]

_DAY: Final = Day.__table__.c
_AS_STORED: Final = (
    "status", "code", "punch_count", "shift_start", "shift_end", "window_start", "window_end",
    "first_in", "last_out", "worked_seconds", "expected_seconds", "expected_net_seconds",
    "difference_seconds", "overtime_seconds", "late", "late_seconds", "late_minutes", "late_counted",
    "late_forgiven", "early", "early_seconds", "early_minutes",
)  # fmt: skip
_THEIRS: Final = UpstreamAttendance.__table__.c
_COLUMNS: Final[dict[str, Column]] = {
    "person": Person.__table__.c.upstream_name,
    "person_name": Person.__table__.c.name,
    "site": Site.__table__.c.name,
    "company": Company.__table__.c.name,
    "department": Person.__table__.c.department,
    "day": _DAY.work_date,
    "shift": ShiftType.__table__.c.name,
    "hours": func.round(_DAY.hours_hundredths / 100, 2),
    "holiday": Holiday.__table__.c.description,
    "weekly_off": Holiday.__table__.c.weekly_off,
    "half_day_holiday": Holiday.__table__.c.half_day,
    "holiday_list": HolidayList.__table__.c.name,
    "day_off": _DAY.status.in_(("HOLIDAY_WORKED", "REST_WORKED")),
    # The first by name: only attendance entered by hand makes two of one shift and day.
    "upstream_name": select(func.min(_THEIRS.upstream_name))
    .where(
        _THEIRS.person_id == _DAY.person_id,
        _THEIRS.day == _DAY.work_date,
        _THEIRS.shift_name == ShiftType.__table__.c.name,
        _THEIRS.docstatus == 1,
        _THEIRS.deleted_at.is_(None),
    )
    .scalar_subquery(),
    **{name: _DAY[name] for name in _AS_STORED},
}
_NO_WORK: Final = ("", "A", "L", "H", "WO")
_KINDS: Final[dict[Kind, Column]] = {
    # What Frappe HR joins: attendance, its check-ins, its shift (spec D.10).
    "attended": _DAY.shift_type_id.is_not(None) & (_DAY.punch_count > 0) & _DAY.code.not_in(("", "H", "WO")),
    "late_or_early": or_(_DAY.late, _DAY.early),
    "within_grace": or_(_DAY.late_seconds > 0, _DAY.early_seconds > 0),
    "overtime": _DAY.overtime_seconds > 0,
    "on_holiday": _DAY.holiday_id.is_not(None) & _DAY.code.not_in(_NO_WORK),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysOf:
    """Whose days are read, of which dates (both included) and under which rule set."""

    rule_set: int
    start: date
    end: date
    people: Sequence[int]

    @property
    def values(self) -> dict[str, Any]:
        """As values of a statement."""
        return {name: getattr(self, name) for name in ("rule_set", "start", "end")} | {
            "people": list(self.people)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFilter:
    """Which days a report is about, beside the people and dates."""

    kind: Kind
    shift: str | None = None
    holiday_list: str | None = None
    late: bool = False
    early: bool = False
    overtime_from: int = 0
    weekly_off: bool | None = None

    @property
    def conditions(self) -> list[Column]:
        """As conditions on the joined tables."""
        found = [_KINDS[self.kind]]
        if self.shift is not None:
            found.append(_COLUMNS["shift"] == self.shift)
        if self.holiday_list is not None:
            found.append(_COLUMNS["holiday_list"] == self.holiday_list)
        if self.overtime_from:
            found.append(_DAY.overtime_seconds >= self.overtime_from)
        if self.weekly_off is not None:
            found.append(_COLUMNS["weekly_off"] == self.weekly_off)
        return [*found, *([_DAY.late] if self.late else []), *([_DAY.early] if self.early else [])]


async def select_days(
    conn: ReadConnection,
    days: DaysOf,
    names: Sequence[str],
    wanted: DayFilter,
    rules: Punctuality,
) -> Sequence[RowMapping]:
    """Days by person, date and shift; of `names`, what a day does not have is left out.

    Graces are those that the rules went by: the shift type's own, or the rule set's minutes.
    """
    columns = _COLUMNS | _graces(rules)
    statement = (
        select(*(columns[name].label(name) for name in names if name in columns))
        .select_from(Day)
        .join(Person, Person.id == _DAY.person_id)
        .outerjoin(Site, Site.id == Person.site_id)
        .outerjoin(Company, Company.id == Person.company_id)
        .outerjoin(ShiftType, ShiftType.id == _DAY.shift_type_id)
        .outerjoin(Holiday, Holiday.id == _DAY.holiday_id)
        .outerjoin(HolidayList, HolidayList.id == Holiday.holiday_list_id)
        .where(
            _DAY.rule_set_id == days.rule_set,
            _DAY.work_date.between(days.start, days.end),
            _DAY.person_id == any_(literal(list(days.people), ARRAY(Integer))),
            *wanted.conditions,
        )
        .order_by(_COLUMNS["person"].collate("C"), _DAY.work_date, _DAY.shift_seq)
    )
    return (await conn.execute(statement)).mappings().all()


def _graces(rules: Punctuality) -> dict[str, Column]:
    if rules.grace == "rule_set":
        return {
            "late_grace_seconds": literal(rules.late_grace_min * 60),
            "early_grace_seconds": literal(rules.early_grace_min * 60),
        }
    shift = ShiftType.__table__.c
    return {
        f"{side}_grace_seconds": case(
            (shift[f"{side}_marking"], shift[f"{side}_grace_minutes"] * 60), else_=0
        )
        for side in ("late", "early")
    }
