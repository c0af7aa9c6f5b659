"""The desk's tables, in the PostgreSQL schema `crew` (spec D.3)."""

from service.crew.models.observed import (
    ApplianceSegment,
    ApplianceSegmentPast,
    CrewSegment,
    CrewSegmentPast,
    DayPage,
    DaySnapshot,
    DayVersion,
    GridCount,
    StateChange,
)
from service.crew.models.station import (
    Appliance,
    Contact,
    CrewingRule,
    LoginState,
    Member,
    MemberPast,
    Skill,
    SkillAlias,
    Station,
    Warned,
)

__all__ = [
    "Appliance",
    "ApplianceSegment",
    "ApplianceSegmentPast",
    "Contact",
    "CrewSegment",
    "CrewSegmentPast",
    "CrewingRule",
    "DayPage",
    "DaySnapshot",
    "DayVersion",
    "GridCount",
    "LoginState",
    "Member",
    "MemberPast",
    "Skill",
    "SkillAlias",
    "StateChange",
    "Station",
    "Warned",
]
