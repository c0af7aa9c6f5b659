"""What is asked of the crew of an appliance, replaced by somebody who may."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from service.access import audit
from service.access.answering import require_version
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import FieldError, Invalid
from service.core.versions import raise_versions
from service.crew.answers.crewing_rules import rules_shown
from service.crew.queries import crewing_rules, scopes
from service.crew.queries.appliances import ApplianceRow
from service.crew.rules.presets import Ruling
from service.schemas.crew.rules import RequirementAsk, RuleAsk

_FIRST: Final = 1


async def replace_rules(
    conn: WriteConnection,
    caller: Caller,
    appliance: ApplianceRow,
    rules: Sequence[RuleAsk],
    reason: str,
    if_match: str | None,
) -> Mapping[str, int]:
    """These rules hold from now on; those in force that are not among them end. The versions it raised.

    Raises `Invalid` for rules that contradict each other, `PreconditionRequired` and `PreconditionFailed`.
    """
    check_rules(rules)
    await crewing_rules.lock_appliance(conn, appliance.id)
    require_version(await crewing_rules.select_version(conn, appliance.id), if_match)
    before = await _own(conn, appliance)
    stored = [one.model_dump() for one in rules]
    if not await crewing_rules.replace_rules(conn, appliance.id, stored, caller.id):
        return {}
    subject = f"appliance:{appliance.station.code}/{appliance.name}"
    after = {"rules": stored, "reason": reason}
    await audit.record(conn, caller, "crew.rules_replaced", subject, before={"rules": before}, after=after)
    return await raise_versions(conn, scopes.touched(appliance.station.code, [], people=True))


def check_rules(rules: Sequence[RuleAsk]) -> None:
    """Raise `Invalid` with a pointer to each part that cannot be meant."""
    problems = [*_of_all(rules), *(problem for at, one in enumerate(rules) for problem in _of_one(at, one))]
    if problems:
        raise Invalid("; ".join(one.detail for one in problems[:3]), errors=problems)


async def _own(conn: WriteConnection, appliance: ApplianceRow) -> list[Mapping[str, Any]]:
    shown = rules_shown(await crewing_rules.select_rules_of(conn, appliance.id), Ruling())
    return [
        {key: value for key, value in one.items() if key not in {"valid_from", "changed_by"}}
        for one in shown
        if one["origin"] == "config"
    ]


def _of_all(rules: Sequence[RuleAsk]) -> Iterator[FieldError]:
    names: set[str] = set()
    tiers: set[int] = set()
    for at, one in enumerate(rules):
        if one.name in names:
            yield FieldError(f"/body/rules/{at}/name", "repeated_name", "another rule has this name")
        if one.enforced and one.tier in tiers:
            detail = "another enforced rule has this tier; put what holds together into one rule"
            yield FieldError(f"/body/rules/{at}/tier", "repeated_tier", detail)
        names.add(one.name)
        tiers |= {one.tier} if one.enforced else set()
    if tiers and _FIRST not in tiers:
        detail = "no enforced rule has tier 1, the normal minimum"
        yield FieldError("/body/rules", "no_first_tier", detail)


def _of_one(at: int, rule: RuleAsk) -> Iterator[FieldError]:
    codes: set[str] = set()
    for number, one in enumerate(rule.requirements):
        place = f"/body/rules/{at}/requirements/{number}"
        if one.code in codes:
            yield FieldError(f"{place}/code", "repeated_code", "another requirement has this code")
        codes.add(one.code)
        yield from _contradictions(place, one)


def _contradictions(place: str, one: RequirementAsk) -> Iterator[FieldError]:
    """What nobody can ever match."""
    if refused := set(one.skills_all) & set(one.skills_none):
        detail = f"{min(refused)} is asked for and refused: nobody can match"
        yield FieldError(f"{place}/skills_none", "nobody_can_match", detail)
    either = set(one.skills_any) - set(one.skills_none) or set(one.roles_any) - set(one.roles_none)
    if (one.skills_any or one.roles_any) and not either:
        detail = "every skill and role of which one is asked for is refused: nobody can match"
        yield FieldError(f"{place}/roles_none", "nobody_can_match", detail)
