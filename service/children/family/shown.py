"""A child as each level sees it (spec E4.3): what is withheld is not in the answer, and named."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Row

from service.children.family.call import Call
from service.children.family.record import record_of, senses_of
from service.children.queries.profiles import Known
from service.children.rules.ages import age_at, age_category, review_due, today_at
from service.children.rules.shown_fields import birth_shown, withheld
from service.schemas.children.family import ChildDetail, ChildSummary
from service.schemas.children.words import Level


def detail(known: Known, call: Call) -> dict[str, Any]:
    """A child for who asks."""
    child, level = known.child, cast(Level, known.level)
    hidden = withheld(level)
    shown = ChildDetail.model_validate(
        {
            **record_of(child, call.sealer),
            **_shown(child, level, known.agreed_on, known.agreed_to, call),
            "sensory_profile": senses_of(child.sensory),
            "date_of_birth": birth_shown(level, child.date_of_birth),
            "primary_guardian": {"id": child.parent_id, "name": full_name(child.parent)},
            "withheld": list(hidden),
            "updated_at": child.updated_at,
        }
    )
    return _without(shown.model_dump(mode="json", by_alias=True), hidden)


def brief(known: Known, call: Call) -> ChildSummary:
    """The same child as lists show it: without anything that lies sealed."""
    shown = _shown(known.child, known.level, known.agreed_on, known.agreed_to, call)
    return ChildSummary.model_validate(shown)


def summary(row: Row[Any], call: Call) -> ChildSummary:
    """A child of a list, without what may be included."""
    return ChildSummary.model_validate(_shown(row, row.access, row.agreed_on, row.agreed_to, call))


def full_name(person: Any) -> str:
    """First and last name."""
    return f"{person.first_name} {person.last_name}".strip()


_PLAIN: Final = (
    "id",
    "name",
    "timezone",
    "support_level",
    "communication_style",
    "avatar_url",
    "points",
    "level",
    "is_active",
    "created_at",
    "version",
)


def _shown(
    child: Any, access: str, agreed_on: datetime | None, agreed_to: str | None, call: Call
) -> dict[str, Any]:
    """What everybody sees who sees the child at all."""
    plain = {name: getattr(child, name) for name in _PLAIN}
    restricted = child.restricted_at is not None
    ages = _ages(child, agreed_on, agreed_to, call)
    return {**plain, **ages, "restricted": restricted, "access": access}


def _ages(child: Any, agreed_on: datetime | None, agreed_to: str | None, call: Call) -> dict[str, Any]:
    def at(moment: datetime) -> int | None:
        today = today_at(child.timezone, moment)
        return age_at(today, child.date_of_birth, child.age, child.age_recorded_on)

    age = at(call.now)
    due = review_due(
        age,
        None if agreed_on is None else at(agreed_on),
        policy_agreed=agreed_to == call.policy,
        consent_age=call.settings.consent_age,
    )
    return {"age": age, "age_category": age_category(age), "consent_review_due": due}


def _without(shown: Mapping[str, Any], hidden: Sequence[str]) -> dict[str, Any]:
    """The answer without these fields, given by their paths."""
    answer = dict(shown)
    for path in hidden:
        name, _, below = path.partition(".")
        if not below:
            answer.pop(name, None)
        elif answer.get(name) is not None:
            answer[name] = {key: value for key, value in answer[name].items() if key != below}
    return answer
