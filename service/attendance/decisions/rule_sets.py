"""Rule sets edited as data: a change is a new version, looked at before it is made active."""

from collections.abc import Mapping
from typing import Any, Final

from service.access import audit
from service.attendance.queries import rule_sets
from service.attendance.queries.scopes import MASTERS
from service.attendance.rules.ruleset import RECOMMENDED, RuleSet, contradiction_of
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import Conflict, FieldError, Invalid, NotAllowed, NotFound, near_matches
from service.core.versions import raise_versions
from service.schemas.attendance.rule_sets import RuleSetAsk

PARTS: Final = ("windows", "punching", "punctuality", "absence")


async def add_version(conn: WriteConnection, caller: Caller, ask: RuleSetAsk) -> Mapping[str, Any]:
    """A new version of a rule set: the newest one's parameters (of `based_on`, else its own) with changes.

    It judges nothing until it is made active. Raises `Invalid` for parameters that there are not.
    """
    _everywhere(caller)
    base = await _base(conn, ask)
    for name in PARTS:
        if not isinstance(ask.parameters.get(name, {}), dict):
            raise _bad(f"{name} is a group of parameters; give an object")
    wanted = {name: {**base.get(name, {}), **ask.parameters.get(name, {})} for name in PARTS}
    surplus = [name for name in ask.parameters if name not in (*PARTS, "order", "clock")]
    if surplus:
        raise _bad(f"{surplus[0]}: no such part; known are {', '.join(PARTS)}, order, clock")
    rest = {name: ask.parameters.get(name, base.get(name)) for name in ("order", "clock")}
    try:
        made = RuleSet.from_json({"name": ask.name, "version": 1, **rest, **wanted})
    except ValueError as error:
        raise _bad(str(error)) from None
    if (why := contradiction_of(made)) is not None:
        raise _bad(why)
    version = await rule_sets.insert_version(conn, ask.name, made.to_json(), caller.id)
    subject = f"rule_set:{ask.name}/{version}"
    await audit.record(
        conn, caller, "rule_set.added", subject, after={"reason": ask.reason, **ask.parameters}
    )
    return await _shown(conn, ask.name, version)


async def activate(
    conn: WriteConnection, caller: Caller, name: str, version: int, *, active: bool
) -> Mapping[str, Any]:
    """Judge days by this version from now on, instead of any other of its name; or by none of the name.

    Days judged by another version stay as they are. Raises `NotFound`, and `Conflict` where nothing would be
    left to judge by what is asked for without a rule set.
    """
    _everywhere(caller)
    before = await _shown(conn, name, version)
    if not active and not before["active"]:
        return before
    if name == RECOMMENDED.name and not active:
        detail = f"{name} judges wherever no rule set is named: make another version of it active instead"
        raise Conflict(detail, code="default_rule_set")
    changed = await rule_sets.activate_version(conn, name, version if active else None)
    shown = await _shown(conn, name, version)
    if changed:
        what = "rule_set.activated" if active else "rule_set.deactivated"
        await audit.record(conn, caller, what, f"rule_set:{name}/{version}")
        await raise_versions(conn, [MASTERS])
    return shown


async def _base(conn: WriteConnection, ask: RuleSetAsk) -> dict[str, Any]:
    wanted = ask.based_on or ask.name
    row = await rule_sets.select_version(conn, wanted, None)
    if row is not None:
        return dict(row.parameters)
    if ask.based_on is None:
        return RECOMMENDED.to_json()
    near = near_matches(wanted, await rule_sets.select_names(conn))
    raise Invalid(
        f"there is no rule set {wanted!r}{f'; did you mean {near[0]}?' if near else ''}",
        errors=[FieldError("/body/based_on", "unknown_rule_set", "no such rule set")],
    )


async def _shown(conn: WriteConnection, name: str, version: int) -> Mapping[str, Any]:
    row = await rule_sets.select_version(conn, name, version)
    if row is None:
        raise NotFound(f"there is no rule set {name}/{version}")
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to a row's mapping


def _bad(detail: str) -> Invalid:
    return Invalid(detail, errors=[FieldError("/body/parameters", "bad_parameter", detail)])


def _everywhere(caller: Caller) -> None:
    if caller.sites is not None:
        raise NotAllowed("your key is limited to sites; rule sets concern all of them")
