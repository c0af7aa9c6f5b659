"""Rule sets as data, and what another one would change."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from service.schemas.asked import CalendarDate, Word, WrittenAs
from service.schemas.attendance.decisions import Reason
from service.schemas.attendance.entities import MastersAsk
from service.schemas.attendance.reports import PeopleFilter
from service.schemas.envelope import Ask, Instant, Wire

Candidate = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]{1,39}(/[1-9]\d{0,5})?$"),
    WrittenAs("the name of a rule set, or name/version, such as recommended/1"),
]


class RuleSetAsk(Ask):
    """A new version of a rule set: what differs from the one it is based on."""

    name: Annotated[
        str,
        Field(pattern=r"^[a-z][a-z0-9_]{1,39}$"),
        WrittenAs("2 to 40 of a-z, 0-9 and _, a letter first, such as villas_2027"),
    ] = Field(description="Name, such as `villas_2027`.")
    based_on: Word | None = Field(
        None, description="Another rule set to start from; default its own newest version."
    )
    parameters: dict[str, Any] = Field(
        description="What differs: parts `windows`, `punching`, `punctuality`, `absence`; `order`, `clock`."
    )
    reason: Reason


class RuleSetStateAsk(Ask):
    """Whether days are judged by a version."""

    active: bool


class RuleSet(Wire):
    """One version of a rule set; its parameters never change."""

    name: str
    version: int
    active: bool
    parameters: dict[str, Any]
    created_by: str
    created_at: Instant


class RuleSetsAsk(MastersAsk):
    """Filters of rule sets."""

    active: bool | None = None


class WhatIfParams(PeopleFilter):
    """Another rule set over a period: which days it would judge otherwise. Nothing is written."""

    candidate: Candidate = Field(
        description="The other rule set, `name` or `name/version`; it need not be active.",
    )


class WhatIfExplainParams(Ask):
    """The day to explain, under the other rule set."""

    person: Word
    day: CalendarDate
    shift: str | None = Field(None, max_length=140)
    candidate: Candidate


class WhatIfRow(Wire):
    """A day on which the two rule sets differ."""

    person: str
    person_name: str
    site: str | None = None
    day: date
    shift: str | None = None
    status: str = Field(description="Status under the rule set in use.")
    candidate_status: str
    worked_seconds: int
    candidate_worked_seconds: int
    late_minutes: int = Field(description="Minutes of lateness that count.")
    candidate_late_minutes: int
    overtime_seconds: int
    candidate_overtime_seconds: int
    difference_seconds: int = Field(description="Worked minus expected.")
    candidate_difference_seconds: int
    differs: list[Literal["status", "worked", "late", "overtime", "difference"]] = []
