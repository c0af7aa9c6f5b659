"""What each small document type becomes, and which days of whom a change of it puts in doubt."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from service.attendance import models
from service.attendance.queries import doubts
from service.attendance.upstream import documents, translate
from service.attendance.upstream.documents import Doctype
from service.attendance.upstream.translate import Names


@dataclass(frozen=True, slots=True)
class Plan:
    """How one small document type is mirrored.

    `kind` names its ids among the links. `listed`: it is short and read as a whole every time, so that a
    deletion shows at once; others are followed by `modified`.
    """

    doctype: Doctype[Any]
    model: type[Any]
    translate: Callable[[Any, Names], translate.Row]
    spans: doubts.Spans
    kind: str | None = None
    listed: bool = False


COMPANY = Plan(
    documents.COMPANY, models.Company, translate.company, doubts.of_company, "companies", listed=True
)
SITE = Plan(documents.BRANCH, models.Site, translate.site, doubts.nothing, "sites", listed=True)
LEAVE_TYPE = Plan(
    documents.LEAVE_TYPE,
    models.LeaveType,
    translate.leave_type,
    doubts.of_leave_type,
    "leave_types",
    listed=True,
)
SHIFT_TYPE = Plan(
    documents.SHIFT_TYPE,
    models.ShiftType,
    translate.shift_type,
    doubts.of_shift_type,
    "shift_types",
    listed=True,
)
PERSON = Plan(documents.EMPLOYEE, models.Person, translate.person, doubts.of_person, "people")
ASSIGNMENT = Plan(
    documents.SHIFT_ASSIGNMENT, models.ShiftAssignment, translate.shift_assignment, doubts.of_assignment
)
LEAVE = Plan(documents.LEAVE, models.Leave, translate.leave, doubts.of_dated)
REQUEST = Plan(documents.REQUEST, models.AttendanceRequest, translate.request, doubts.of_dated)
HOLIDAY_LIST = Plan(
    documents.HOLIDAY_LIST,
    models.HolidayList,
    translate.holiday_list,
    doubts.nothing,
    "holiday_lists",
    listed=True,
)
HOLIDAY_ASSIGNMENT = Plan(
    documents.HOLIDAY_LIST_ASSIGNMENT,
    models.HolidayListAssignment,
    translate.holiday_list_assignment,
    doubts.of_holiday_assignment,
    listed=True,
)
# Links point backwards only: what is linked to is read first, what stands side by side is read at once.
STAGES: tuple[tuple[Plan, ...], ...] = (
    (HOLIDAY_LIST, SITE, LEAVE_TYPE),
    (COMPANY, SHIFT_TYPE),
    (PERSON,),
    (ASSIGNMENT, LEAVE, REQUEST, HOLIDAY_ASSIGNMENT),
)
SMALL: tuple[Plan, ...] = tuple(plan for stage in STAGES for plan in stage)
