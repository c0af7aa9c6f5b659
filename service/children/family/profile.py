"""A child is added, changed, archived, restored and restricted: judged as a whole, audited by field names."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, cast

from pydantic import ValidationError

from service.access.answering import require_version
from service.children.door import Standing, admit, check, hide
from service.children.family.call import Call
from service.children.family.consents import consent_rows
from service.children.family.record import OWN, record_of, rows_of
from service.children.family.recording import recorded
from service.children.family.shown import brief, detail
from service.children.queries import profiles
from service.children.queries.profiles import PARTS, Known
from service.children.rules.ages import today_at
from service.children.rules.described import findings
from service.children.rules.merging import merged
from service.children.rules.permissions import Action
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import Conflict, FieldError, Invalid, NotAllowed
from service.core.problems import validation_error
from service.schemas.children.care import SensoryProfileAsk
from service.schemas.children.family import ChildAsk, ChildDocument, ChildSummary
from service.schemas.children.words import Level

_CARE: Final = frozenset({"sensory_profile", "therapies"})
"""What a professional with edit access may change (spec E4.4)."""

Answer = tuple[dict[str, Any], dict[str, str]]
"""What is answered, and the headers of the write."""
Brief = tuple[ChildSummary, dict[str, str]]
"""The same in short: what is stored with an idempotency key must hold nothing that is sealed elsewhere."""


async def look(conn: ReadConnection, call: Call, child_id: int) -> dict[str, Any]:
    """A child as who asks sees it. Raises `Hidden` and `LevelTooLow`."""
    known = await profiles.select_described(conn, call.caller, child_id)
    if known is None:
        await hide(conn, call.caller, "child.read", child_id)
    child, level = known.child, cast(Level, known.level)
    restricted = child.restricted_at is not None
    standing = Standing(child_id, level, child.is_active, restricted, child.timezone)
    check(call.caller, standing, Action.READ, "child.read")
    return detail(known, call)


async def create(conn: WriteConnection, call: Call, asked: ChildAsk) -> Brief:
    """Add a child; who asks becomes its primary guardian.

    Raises `NotAllowed` (`role_not_allowed`) for who is no parent, and `Invalid`.
    """
    if call.caller.role != "parent" or call.caller.bound is not None:
        raise NotAllowed("parents add children, in person", code="role_not_allowed")
    _require([*findings(asked, today_at(asked.timezone, call.now)), *_consent_findings(asked, call)])
    child_id = await profiles.insert_child(conn, {**_own_values(asked, call, None), "parent_id": call.person})
    await profiles.insert_guardian(conn, child_id, call.person, asked.relation, "primary")
    for part in PARTS:
        if rows := rows_of(part, asked, child_id, call.sealer):
            await profiles.replace_part(conn, child_id, part, rows)
    await profiles.insert_consents(conn, consent_rows(call, child_id, asked.consents))
    await recorded(conn, call, "child.create", child_id, sorted(asked.model_fields_set))
    made = brief(await known_child(conn, call, child_id), call)
    return made, await call.changed(conn, [child_id])


async def change(
    conn: WriteConnection, call: Call, child_id: int, patch: Mapping[str, Any], if_match: str | None
) -> Answer:
    """Change what a patch names (RFC 7396); the whole is judged anew.

    Raises `Hidden`, `LevelTooLow`, `Conflict`, `PreconditionFailed` and `Invalid`.
    """
    action = Action.UPDATE_CARE if _CARE.issuperset(patch) else Action.UPDATE
    known = await _held(conn, call, child_id, action, "child.update", if_match)
    record = record_of(known.child, call.sealer)
    after = _merged(record, patch)
    _require(findings(after, today_at(after.timezone, call.now), _judged(record)))
    changed = _changed(record, after)
    if not changed:
        return detail(known, call), {}
    await _write(conn, call, known, after, changed)
    await recorded(conn, call, "child.update", child_id, changed)
    return await _answer(conn, call, child_id)


async def replace_senses(
    conn: WriteConnection, call: Call, child_id: int, asked: SensoryProfileAsk, if_match: str | None
) -> Answer:
    """Put a sensory profile in the place of the one there is; domains that are left out go."""
    domains = {name: getattr(asked, name) for name in SensoryProfileAsk.model_fields}
    profile = {name: None if said is None else said.model_dump() for name, said in domains.items()}
    return await change(conn, call, child_id, {"sensory_profile": profile}, if_match)


async def change_domain(
    conn: WriteConnection,
    call: Call,
    child_id: int,
    domain: str,
    patch: Mapping[str, Any],
    if_match: str | None,
) -> Answer:
    """Change one sensory domain; findings point into the body that was sent."""
    try:
        return await change(conn, call, child_id, {"sensory_profile": {domain: patch}}, if_match)
    except Invalid as refused:
        above = f"/body/sensory_profile/{domain}"
        found = [replace(one, pointer=one.pointer.replace(above, "/body", 1)) for one in refused.errors]
        raise Invalid(refused.detail, errors=found, code=refused.code) from None


async def archive(conn: WriteConnection, call: Call, child_id: int) -> dict[str, str]:
    """Put a child aside: its guardians keep it and may restore it, professionals see it no more."""
    standing = await admit(conn, call.caller, child_id, Action.UPDATE, "child.archive", lock=True)
    return await _set_active(conn, call, standing, "child.archive", active=False)


async def restore(conn: WriteConnection, call: Call, child_id: int) -> Brief:
    """Take an archived child back."""
    standing = await admit(conn, call.caller, child_id, Action.UPDATE, "child.restore", lock=True)
    headers = await _set_active(conn, call, standing, "child.restore", active=True)
    return brief(await known_child(conn, call, child_id), call), headers


async def known_child(conn: ReadConnection, call: Call, child_id: int) -> Known:
    """A child that was admitted to in this transaction."""
    known = await profiles.select_described(conn, call.caller, child_id)
    if known is None:
        raise LookupError("this child was visible a moment ago")
    return known


async def _held(
    conn: WriteConnection, call: Call, child_id: int, action: Action, what: str, if_match: str | None
) -> Known:
    """A child that may be changed, held, at the version that was named."""
    standing = await admit(conn, call.caller, child_id, action, what, lock=True)
    if not standing.is_active:
        raise Conflict("this child is archived; restore it first", code="archived")
    known = await known_child(conn, call, child_id)
    require_version(known.child.version, if_match)
    return known


def _merged(record: Mapping[str, Any], patch: Mapping[str, Any]) -> ChildDocument:
    born = patch.get("date_of_birth")
    whole = merged(record, patch)
    if born is not None and "age" not in patch:
        whole.pop("age", None)  # it stood in for the date that is known now
    try:
        return _document(whole)
    except ValidationError as error:
        entries = [{**entry, "loc": ("body", *entry["loc"])} for entry in error.errors()]
        raise validation_error(entries) from None


def _judged(record: Mapping[str, Any]) -> ChildDocument | None:
    """What was there, where it can be read as a description: imported rows need not be one."""
    try:
        return _document(record)
    except ValidationError:
        return None


def _document(values: Mapping[str, Any]) -> ChildDocument:
    given = {name: value for name, value in values.items() if value is not None}
    return ChildDocument.model_validate(given)


def _changed(record: Mapping[str, Any], after: ChildDocument) -> list[str]:
    return [name for name, value in after.model_dump().items() if _plain(value) != _plain(record[name])]


def _plain(value: Any) -> Any:
    """A value in which what is left out and what is null are the same."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items() if one is not None}
    return value


async def _write(
    conn: WriteConnection, call: Call, known: Known, after: ChildDocument, changed: list[str]
) -> None:
    child = known.child
    values = _own_values(after, call, child) if set(changed) & set(OWN) else {}
    await profiles.update_child(conn, child.id, values)
    for part in PARTS.keys() & set(changed):
        await profiles.replace_part(conn, child.id, part, rows_of(part, after, child.id, call.sealer))


def _own_values(document: ChildDocument, call: Call, child: Any) -> dict[str, Any]:
    """The columns of the child's own row; an age is kept only where the date of birth is unknown."""
    values = {name: getattr(document, name) for name in OWN}
    if document.date_of_birth is not None:
        return {**values, "age": None, "age_recorded_on": None}
    told = None if child is None or child.age != document.age else child.age_recorded_on
    return {**values, "age_recorded_on": told or today_at(document.timezone, call.now)}


async def _set_active(
    conn: WriteConnection, call: Call, standing: Standing, what: str, *, active: bool
) -> dict[str, str]:
    if standing.is_active == active:
        return {}
    await profiles.update_child(conn, standing.child_id, {"is_active": active})
    await recorded(conn, call, what, standing.child_id, ["is_active"])
    return await call.changed(conn, [standing.child_id])


async def _answer(conn: WriteConnection, call: Call, child_id: int) -> Answer:
    answer = detail(await known_child(conn, call, child_id), call)
    return answer, await call.changed(conn, [child_id])


def _consent_findings(asked: ChildAsk, call: Call) -> list[FieldError]:
    found = []
    if not any(consent.purpose == "processing" for consent in asked.consents):
        detail = "nothing may be kept about a child without consent to processing"
        found.append(FieldError("/body/consents", "consent_required", detail))
    for place, consent in enumerate(asked.consents):
        if consent.policy_version not in (None, call.policy):
            detail = f"the present policy is {call.policy}"
            found.append(FieldError(f"/body/consents/{place}/policy_version", "policy_outdated", detail))
    purposes = [consent.purpose for consent in asked.consents]
    if len(set(purposes)) < len(purposes):
        found.append(FieldError("/body/consents", "repeated_purpose", "give each consent once"))
    return found


def _require(found: list[FieldError]) -> None:
    if found:
        raise Invalid("; ".join(f"{one.pointer}: {one.detail}" for one in found[:3]), errors=found)
