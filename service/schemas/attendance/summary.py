"""Parameters and rows of the reports over a period: the summary and the absences."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from service.schemas.asked import CalendarDate, Word
from service.schemas.attendance.reports import PeopleFilter, Variant
from service.schemas.envelope import Wire

Band = Literal["excellent", "good", "acceptable", "regular", "high", "critical"]
Light = Literal["green", "yellow", "orange", "red"]


class SummaryParams(PeopleFilter):
    """A period of at most 366 days, summed up for each person (spec A.13, F.4)."""

    group_by: Literal["site", "company", "department", "designation", "grade"] | None = None
    variant: Variant = Field("recommended", description="Which formulas the key figures follow (spec A.15).")


class SummaryRow(Wire):
    """One person's period. Days are decimals: shifts share their day, a half day of leave is 0.50."""

    group: str | None = None
    person: str
    person_name: str
    site: str | None = None
    worked_seconds: int
    expected_seconds: int = Field(description="Of the shifts, before leave.")
    deducted_seconds: int = Field(description="Taken off by leave.")
    break_seconds: int
    net_expected_seconds: int = Field(title="Net planned", description="Expected less deducted.")
    difference_seconds: int = Field(description="Worked less net planned.")
    overtime_seconds: int
    hours_state: Literal["overtime", "complete", "incomplete"]
    lates: int = Field(description="Not forgiven, and not so late as to be an absence.")
    late_minutes: int
    late_deductions: int = Field(description="Days by the rule of three lates, of lates completed here.")
    early_exits: int
    missing_punches: int
    scheduled_days: Decimal
    present_days: Decimal
    on_time_days: Decimal
    absences: Decimal
    absence_episodes: int
    justified_absences: Decimal
    leave_days: Decimal
    leaves: dict[str, Decimal] = Field(description="Days by leave type, such as casual_leave.")
    holidays: Decimal
    rest_days: Decimal
    worked_rest_days: Decimal = Field(description="Days off and holidays worked.")
    not_employed_days: Decimal
    undecided_days: Decimal
    unreconciled_days: int = Field(description="Days whose statuses differ from the upstream's attendance.")
    bradford: Decimal | None = None
    bradford_band: Band | None = None
    absenteeism: Decimal | None = Field(None, description="In percent.")
    absenteeism_band: Band | None = None
    punctuality: Decimal | None = None
    punctuality_band: Band | None = None
    hour_efficiency: Decimal | None = Field(None, description="In percent.")
    hour_efficiency_band: Band | None = None
    sic: Decimal | None = Field(None, title="SIC", description="Quality score of A.15.")
    sic_band: Light | None = Field(None, title="SIC band")


class SummaryExplainParams(PeopleFilter):
    """The figure to explain: a column of a person, such as `leaves.casual_leave`, or a card of everybody."""

    figure: Word
    variant: Variant = "recommended"


class AbsencesParams(PeopleFilter):
    """Episodes of absence of a period of at most 366 days."""

    kind: Literal["unjustified", "justified"] | None = Field(None, description="Only absences of this kind.")


class AbsenceRow(Wire):
    """Days of absence that follow each other, as the rule set bridges days off."""

    person: str
    person_name: str
    site: str | None = None
    kind: Literal["unjustified", "justified"]
    leave_type: str | None = None
    first_day: date
    last_day: date
    days: Decimal = Field(description="Without the days bridged; a half day is 0.50.")
    bridged_days: int = Field(description="Days off between days of absence, not counted.")
    bradford_contribution: Decimal | None = Field(
        None, description="Episodes² x days: the contributions of a person sum to the Bradford factor."
    )


class AbsencesExplainParams(PeopleFilter):
    """The episode to explain."""

    person: Word
    first_day: CalendarDate
    kind: Literal["unjustified", "justified"] | None = None
    leave_type: Word | None = None
