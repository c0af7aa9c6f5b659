"""What a child needs, as it travels: senses, therapies, safety, whom to call (spec A3.2 to A3.5, D5.1)."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, WithJsonSchema
from pydantic_core import PydanticCustomError

from service.schemas.asked import CalendarDate
from service.schemas.children.fields import (
    AtMost,
    Email,
    Entries10,
    Entries15,
    Entries20,
    Goals,
    OneOf,
    Phone,
    ShortWords,
    Text,
)
from service.schemas.children.words import (
    ElopementRisk,
    Sensitivity,
    TherapyFrequency,
)
from service.schemas.envelope import Ask, Wire

_USUAL = {
    "aba": "ABA",
    "ot": "Occupational Therapy",
    "occupational": "Occupational Therapy",
    "pt": "Physical Therapy",
    "physical": "Physical Therapy",
    "speech": "Speech Therapy",
    "speech_therapy": "Speech Therapy",
}


def _therapy_type(given: str) -> str:
    usual = _USUAL.get(given.lower().replace(" ", "_"))
    # What somebody wrote with capitals is a name already: CBT is not Cbt.
    return usual or (given.title() if given.islower() else given)


def _frequency(given: Any) -> Any:
    return "_".join(given.lower().split()) if isinstance(given, str) else given


def _no_such_domain(_: Any) -> Any:
    raise PydanticCustomError("unknown_domain", "there is no such sensory domain")


Sensed = Annotated[Sensitivity, OneOf(folded=True)]
Risk = Annotated[ElopementRisk, OneOf()]
NoDomain = Annotated[Any, BeforeValidator(_no_such_domain), WithJsonSchema({"not": {}})]


class SensoryDomainAsk(Ask):
    """How a child takes one kind of impression."""

    sensitivity: Sensed
    preferences: ShortWords = []
    triggers: ShortWords = []
    accommodations: ShortWords = []


class SensoryDomainPatch(Ask):
    """What changes about one kind of impression; of lists the whole."""

    sensitivity: Sensed | None = None
    preferences: ShortWords | None = None
    triggers: ShortWords | None = None
    accommodations: ShortWords | None = None


class SensoryProfileAsk(Ask):
    """By domain; those that are left out are unknown."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, NoDomain]

    auditory: SensoryDomainAsk | None = None
    visual: SensoryDomainAsk | None = None
    tactile: SensoryDomainAsk | None = None
    vestibular: SensoryDomainAsk | None = None
    proprioceptive: SensoryDomainAsk | None = None
    gustatory: SensoryDomainAsk | None = None
    olfactory: SensoryDomainAsk | None = None


class SensoryProfilePatch(Ask):
    """By domain what changes; null takes a domain away."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, NoDomain]

    auditory: SensoryDomainPatch | None = None
    visual: SensoryDomainPatch | None = None
    tactile: SensoryDomainPatch | None = None
    vestibular: SensoryDomainPatch | None = None
    proprioceptive: SensoryDomainPatch | None = None
    gustatory: SensoryDomainPatch | None = None
    olfactory: SensoryDomainPatch | None = None


def _some_domain(given: SensoryProfileAsk) -> SensoryProfileAsk:
    if not any(getattr(given, domain) for domain in SensoryProfileAsk.model_fields):
        raise PydanticCustomError("at_least_one_domain", "give at least one sensory domain")
    return given


SomeSenses = Annotated[SensoryProfileAsk, AfterValidator(_some_domain)]
"""At least one domain."""


class TherapyAsk(Ask):
    """A therapy; without `end_date` it goes on."""

    type: Annotated[str, Text(100), AfterValidator(_therapy_type)]
    provider: Annotated[str, Text(200, 2)] | None = None
    frequency: Annotated[TherapyFrequency, OneOf(), BeforeValidator(_frequency)] | None = None
    start_date: CalendarDate | None = None
    end_date: CalendarDate | None = None
    goals: Goals = []
    notes: Annotated[str, Text(1000)] | None = None


Therapies = Annotated[list[TherapyAsk], AtMost(50)]
"""Ended ones too; at most 10 that go on, each type once."""


class SafetyAsk(Ask):
    """What keeps a child safe."""

    elopement_risk: Risk
    medical_conditions: Entries15 = []
    medications: Entries20 = []
    emergency_procedures: Entries10 = []
    calming_strategies: Entries15 = []
    triggers_to_avoid: Entries20 = []


class SafetyPatch(Ask):
    """What changes about it; of lists the whole."""

    elopement_risk: Risk | None = None
    medical_conditions: Entries15 | None = None
    medications: Entries20 | None = None
    emergency_procedures: Entries10 | None = None
    calming_strategies: Entries15 | None = None
    triggers_to_avoid: Entries20 | None = None


class ContactAsk(Ask):
    """Whom to call: a person, or a place such as a clinic."""

    name: Annotated[str, Text(100)]
    phone: Phone
    relationship: Annotated[str, Text(100)]
    email: Email | None = None
    is_primary: bool = False


Contacts = Annotated[list[ContactAsk], AtMost(5)]


class SensoryDomainShown(Wire):
    """How a child takes one kind of impression."""

    sensitivity: Sensitivity
    preferences: list[str] = []
    triggers: list[str] = []
    accommodations: list[str] = []


class TherapyShown(Wire):
    """A therapy a child has or had."""

    type: str
    provider: str | None = None
    frequency: TherapyFrequency | None = None
    start_date: date | None = None
    end_date: date | None = None
    goals: list[str] = []
    notes: str | None = None


class SafetyShown(Wire):
    """What keeps a child safe; conditions and medications are left out for who may not see them."""

    elopement_risk: ElopementRisk
    medical_conditions: list[str] = []
    medications: list[str] = []
    emergency_procedures: list[str] = []
    calming_strategies: list[str] = []
    triggers_to_avoid: list[str] = []


class ContactShown(Wire):
    """Whom to call."""

    name: str
    phone: str
    relationship: str
    email: str | None = None
    is_primary: bool = False
