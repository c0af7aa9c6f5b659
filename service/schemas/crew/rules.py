"""What is asked of the crew of an appliance, and what another rule would change."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from service.schemas.asked import Sentences, WrittenAs
from service.schemas.crew.appliances import Effect
from service.schemas.crew.fields import Code, Data, Moment, Short
from service.schemas.envelope import Ask, Instant, Wire

Mode = Literal["overlap", "seats"]
_SEVERAL = "Needed where two stations have an appliance of this name."


def _as_in_grids(given: str) -> str:
    word = given.strip().upper()
    if not word:
        raise PydanticCustomError("blank", "write a skill or a role")
    return word


Word = Annotated[Short, AfterValidator(_as_in_grids)]
"""A skill or role, read without regard to case."""
Words = Annotated[list[Word], Field(max_length=50)]
RequirementCode = Annotated[
    str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$"), WrittenAs("a word such as ba_non_officer")
]
RuleName = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 _.-]{0,59}$"), WrittenAs("a name such as full crew")
]


class RequirementAsk(Ask):
    """At least `min_count` people who match: with all of `skills_all`, one of `skills_any` or `roles_any`
    where either is given, none of `skills_none` and no role of `roles_none`.
    """

    code: RequirementCode
    min_count: int = Field(ge=1, le=50)
    skills_all: Words = []
    skills_any: Words = []
    roles_any: Words = []
    skills_none: Words = []
    roles_none: Words = []


class RuleAsk(Ask):
    """Requirements that hold together; in mode `seats` each needs people of its own."""

    name: RuleName
    tier: int = Field(1, ge=1, le=9, description="1: the normal minimum; 2 and more: degraded levels.")
    mode: Mode = "overlap"
    enforced: bool = Field(True, description="False: it is only reported beside.")
    requirements: Annotated[list[RequirementAsk], Field(min_length=1, max_length=20)]


class CrewingRulesAsk(Ask):
    """All rules of an appliance; none: it is judged by the preset that is chosen for all."""

    rules: Annotated[list[RuleAsk], Field(max_length=10)]
    reason: Sentences = Field("", description="Kept in the audit.")


class RulesAsk(Ask):
    """Which appliance."""

    station: Code | None = Field(None, description=_SEVERAL)
    known_at: Moment | None = Field(None, description="The rules that held at this instant; default: now.")


class RulesWriteAsk(Ask):
    """Which appliance, and whether to write or only to try."""

    station: Code | None = Field(None, description=_SEVERAL)
    dry_run: bool = Field(False, description="Say what would become of the appliance; write nothing.")
    from_: Moment | None = Field(None, alias="from", description="Of a trial; default: now.")
    to: Moment | None = Field(None, description="Of a trial; default: 14 days after `from`.")


class Requirement(Wire):
    """At least `min_count` people who match."""

    code: str
    min_count: int
    skills_all: list[str] = []
    skills_any: list[str] = []
    roles_any: list[str] = []
    skills_none: list[str] = []
    roles_none: list[str] = []


class CrewingRule(Wire):
    """A rule of an appliance. `preset`: the one chosen for all; `grid`: what the grid's title says."""

    name: str
    tier: int
    mode: Mode
    origin: Literal["config", "preset", "grid"]
    enforced: bool
    requirements: list[Requirement]
    valid_from: Instant | None = Field(description="Null: it comes with the service.")
    changed_by: str | None


class Trial(Wire):
    """What would become of the appliance by the rules that were sent."""

    from_: Instant = Field(alias="from")
    to: Instant
    available_minutes: int = Field(description="By the rules in force.")
    would_be_available_minutes: int
    changes: list[Effect] = Field(description="Where the status would be another one.")
    level_changes: list[Effect] = Field(description="Where the status stays and the level does not.")
    data: Data


class CrewingRules(Wire):
    """The rules of an appliance: those enforced by tier, then those that are only reported."""

    appliance: str
    station: str
    version: int = Field(description="What `If-Match` of a replacement must name; 0: nothing was ever set.")
    rules: list[CrewingRule]
    trial: Trial | None = None
