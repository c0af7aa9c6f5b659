"""Children and what is known of them; and who stands around them, by whose consent."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from service.schemas.children.words import CommunicationStyle, SensoryDomain
from service.schemas.children.words import words as choices
from service.simulators.families import words
from service.simulators.families.people import Adults, Family
from service.simulators.families.plan import Plan

EVIDENCE = json.dumps({"demo": "made up with the demo's families"})


@dataclass(frozen=True, slots=True)
class Sealing:
    """What encrypts a child's texts, so that the desk opens them: given by who knows the desk's places."""

    phone: Callable[[int, str], bytes | None]
    """For a child's id and a contact's number."""
    medications: Callable[[int, list[str]], bytes | None]


class ChildRow(NamedTuple):
    """A row of `children.children`; points come from the ledger."""

    id: int
    parent_id: int
    name: str
    date_of_birth: date
    timezone: str
    support_level: int | None
    diagnosis: str | None
    diagnosis_date: date | None
    communication_style: str
    behavioral_notes: str | None
    created_at: datetime


class GuardianRow(NamedTuple):
    """A row of `children.child_guardians`."""

    child_id: int
    user_id: int
    relation: str
    access: str
    created_at: datetime


class AssignmentRow(NamedTuple):
    """A row of `children.care_assignments`."""

    child_id: int
    professional_id: int
    access_level: str
    status: str
    invited_by: int
    starts_at: datetime
    ends_at: datetime | None
    reason: str | None
    created_at: datetime


class ConsentRow(NamedTuple):
    """A row of `children.consents`."""

    child_id: int
    granted_by: int
    purpose: str
    grantee_user_id: int | None
    policy_version: str
    granted_at: datetime
    withdrawn_at: datetime | None
    evidence: str


class SensoryRow(NamedTuple):
    """A row of `children.child_sensory_domains`."""

    child_id: int
    domain: str
    sensitivity: str
    triggers: list[str]
    accommodations: list[str]


class SafetyRow(NamedTuple):
    """A row of `children.child_safety`; medications are sealed."""

    child_id: int
    elopement_risk: str
    emergency_procedures: list[str]
    calming_strategies: list[str]
    triggers_to_avoid: list[str]
    medications: bytes | None


class TherapyRow(NamedTuple):
    """A row of `children.child_therapies`."""

    child_id: int
    type: str
    provider: str
    frequency: str
    start_date: date
    goals: list[str]


class ContactRow(NamedTuple):
    """A row of `children.child_emergency_contacts`; the phone is sealed."""

    child_id: int
    name: str
    relationship: str
    phone: bytes | None
    is_primary: bool


@dataclass(frozen=True, slots=True)
class Born:
    """A child, and how it plays: it gets better by `gain` points of score, with `rhythm` sessions a week."""

    id: int
    number: int
    zone: str
    guardian: int
    start: float
    gain: float
    rhythm: float
    carers: list[tuple[str, int]] = field(default_factory=list)
    """Professionals who may see it now: level of access and id, who may write reports first."""


@dataclass(slots=True)
class Household:
    """Rows of all families, by their table in the schema `children`, in an order their keys allow."""

    born: list[Born] = field(default_factory=list)
    children: list[ChildRow] = field(default_factory=list)
    child_guardians: list[GuardianRow] = field(default_factory=list)
    care_assignments: list[AssignmentRow] = field(default_factory=list)
    consents: list[ConsentRow] = field(default_factory=list)
    child_sensory_domains: list[SensoryRow] = field(default_factory=list)
    child_safety: list[SafetyRow] = field(default_factory=list)
    child_therapies: list[TherapyRow] = field(default_factory=list)
    child_emergency_contacts: list[ContactRow] = field(default_factory=list)

    def tables(self) -> dict[str, list[Any]]:
        """Rows by table."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "born"}


def household(plan: Plan, grown: Adults, ids: Iterator[int], sealing: Sealing) -> Household:
    """Every child of the plan with everything around it."""
    made = Household()
    for family in grown.families:
        for _ in range(family.children):
            child = _born(plan, family, next(ids), len(made.born))
            made.born.append(child)
            _profile(made, plan, family, child)
            _guarded(made, plan, family, child)
            _shared(made, plan, grown, child)
            _cared(made, plan, child, sealing)
    return made


def _born(plan: Plan, family: Family, id_: int, number: int) -> Born:
    chance = plan.chance("child", number)
    # Most get better, some stay as they are, and every ninth gets worse: honest figures show that.
    gain = -14.0 if number % 9 == 5 else chance.choice((2.0, 18.0, 26.0, 34.0))
    # Every twelfth plays so little that there is no trend to tell.
    rhythm = 0.08 if number % 12 == 7 else chance.uniform(2.0, 4.0)
    return Born(id_, number, family.zone, family.adults[0], chance.uniform(38, 58), gain, rhythm)


def _profile(made: Household, plan: Plan, family: Family, child: Born) -> None:
    chance = plan.chance("profile", child.number)
    born = plan.until.date() - timedelta(days=chance.randint(3 * 365, 13 * 365))
    diagnosed = child.number % 6 != 4
    later = min(born + timedelta(days=chance.randint(700, 1400)), plan.since.date())
    made.children.append(
        ChildRow(
            id=child.id,
            parent_id=child.guardian,
            name=f"{words.CHILDREN[child.number % len(words.CHILDREN)]} {family.surname}",
            date_of_birth=born,
            timezone=child.zone,
            support_level=chance.randint(1, 3) if diagnosed else None,
            diagnosis=chance.choice(words.DIAGNOSES) if diagnosed else None,
            diagnosis_date=max(born, later) if diagnosed else None,
            communication_style=chance.choice(choices(CommunicationStyle)),
            behavioral_notes="Likes to know what comes next." if diagnosed else None,
            created_at=plan.since,
        )
    )


def _guarded(made: Household, plan: Plan, family: Family, child: Born) -> None:
    made.child_guardians.append(GuardianRow(child.id, child.guardian, "mother", "primary", plan.since))
    for other in family.adults[1:]:
        access = "read_only" if family.number % 4 == 2 else "full"
        made.child_guardians.append(GuardianRow(child.id, other, "father", access, plan.since))
    wanted = {"processing": True, "analytics": child.number % 3 > 0, "research": child.number % 5 == 1}
    made.consents += [_consent(plan, child, purpose) for purpose, given in wanted.items() if given]


def _shared(made: Household, plan: Plan, grown: Adults, child: Born) -> None:
    """The demo's professional has every fourth child with all rights; further ones, ends and withdrawals."""
    first, *others = grown.professionals
    plan.chance("care", child.number).shuffle(others)
    if child.number % 4 == 0:
        # Two who may write reports: nobody approves their own.
        child.carers.extend([("edit", first), ("edit", others[0])])
    elif child.number % 4 == 1:
        child.carers.extend([("edit", others[0]), ("comment", others[1])])
    elif child.number % 5 == 2:
        child.carers.append(("view", first))
    for level, who in child.carers:
        _assign(made, plan, child, who, level)
    left = others[2:]
    if child.number % 7 == 3:
        _assign(made, plan, child, left[0], "view", ended=plan.until - timedelta(days=20))
    if child.number % 11 == 6:
        _assign(made, plan, child, left[1], "view", status="invited")
    if child.number % 13 == 8:
        _assign(made, plan, child, grown.unverified, "view")


def _assign(
    made: Household,
    plan: Plan,
    child: Born,
    who: int,
    level: str,
    *,
    ended: datetime | None = None,
    status: str = "active",
) -> None:
    begun = plan.since + timedelta(days=10)
    state = status if ended is None else "ended"
    reason = None if ended is None else "the family moved on"
    row = AssignmentRow(child.id, who, level, state, child.guardian, begun, ended, reason, begun)
    made.care_assignments.append(row)
    made.consents.append(_consent(plan, child, "share_professional", who, ended))


def _consent(
    plan: Plan, child: Born, purpose: str, to: int | None = None, withdrawn: datetime | None = None
) -> ConsentRow:
    return ConsentRow(child.id, child.guardian, purpose, to, plan.policy, plan.since, withdrawn, EVIDENCE)


def _cared(made: Household, plan: Plan, child: Born, sealing: Sealing) -> None:
    chance = plan.chance("needs", child.number)
    made.child_sensory_domains += _senses(child, chance)
    risk = ("low", "none", "moderate", "high")[child.number % 4]
    made.child_safety.append(
        SafetyRow(
            child.id,
            risk,
            ["call the first contact", "close the garden gate"],
            chance.sample(words.CALMING, 2),
            chance.sample(words.TRIGGERS, 2),
            sealing.medications(
                child.id, [words.MEDICATIONS[child.number % 2]] if child.number % 3 == 0 else []
            ),
        )
    )
    since = plan.since.date()
    goals = ["sit through a visit of ten minutes"]
    made.child_therapies.append(
        TherapyRow(child.id, "Speech Therapy", "Centro Arcobaleno", "weekly", since, goals)
    )
    phone = sealing.phone(child.id, f"+39 02 {chance.randrange(10**6, 10**7)}")
    made.child_emergency_contacts.append(ContactRow(child.id, "A grandparent", "grandparent", phone, True))


def _senses(child: Born, chance: Random) -> Iterator[SensoryRow]:
    for domain in chance.sample(choices(SensoryDomain), 4):
        sensitivity = chance.choice(("high", "moderate", "low"))
        yield SensoryRow(child.id, domain, sensitivity, chance.sample(words.TRIGGERS, 2), ["headphones"])
