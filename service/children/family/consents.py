"""Consents: given for a purpose and a version of the policy, withdrawn in one call (spec E9)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from service.children.door import Standing, admit, hide
from service.children.family.call import Call
from service.children.family.recording import recorded, restrict_for_itself
from service.children.queries import around
from service.children.queries import consents as stored
from service.children.queries.paged import read_page
from service.children.rules.permissions import Action
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import Conflict, FieldError, Invalid
from service.schemas.children.around import AroundAsk, ConsentAsk, ConsentShown
from service.schemas.children.family import ConsentGiven
from service.schemas.envelope import Listing

Answer = tuple[ConsentShown, dict[str, str]]


def consent_rows(call: Call, child_id: int, given: Sequence[ConsentGiven]) -> list[dict[str, Any]]:
    """The rows of consents that who asks gives to the present policy."""
    return [_row(call, child_id, consent.purpose, None) for consent in given]


def _row(call: Call, child_id: int, purpose: str, grantee: int | None) -> dict[str, Any]:
    return {
        "child_id": child_id,
        "granted_by": call.person,
        "purpose": purpose,
        "grantee_user_id": grantee,
        "policy_version": call.policy,
        "evidence": {"by": call.caller.kind},
    }


async def page_of(conn: ReadConnection, call: Call, child_id: int, ask: AroundAsk) -> Listing[ConsentShown]:
    """The consents of a child, newest first."""
    await admit(conn, call.caller, child_id, Action.CONSENT, "consent.read")
    listed = f"children.consents/{child_id}", stored.CONSENTS, stored.consents_of(call.caller, child_id)
    rows, page = await read_page(conn, call.caller, call.cursors, ask, listed)
    return Listing[ConsentShown](items=[shown(row, call) for row in rows], page=page)


async def grant(conn: WriteConnection, call: Call, child_id: int, asked: ConsentAsk) -> Answer:
    """Give a consent to the present policy; one to an older policy is replaced.

    Raises `Conflict` (`already_granted`) and `Invalid`.
    """
    await admit(conn, call.caller, child_id, Action.CONSENT, "consent.grant", lock=True)
    await _require_usable(conn, call, asked)
    row = await give(conn, call, child_id, asked.purpose, asked.grantee_user_id)
    if row is None:
        raise Conflict("this consent stands already", code="already_granted")
    return shown(row, call), await call.changed(conn, [child_id])


async def give(
    conn: WriteConnection, call: Call, child_id: int, purpose: str, grantee: int | None
) -> Row[Any] | None:
    """Record a consent of a child that is held; None where it stands for the present policy already."""
    standing = await stored.standing_consent(conn, child_id, purpose, grantee)
    if standing is not None:
        if standing.policy_version == call.policy:
            return None
        await stored.withdraw_consent(conn, standing.id)
    row = await stored.insert_consent(conn, _row(call, child_id, purpose, grantee))
    await _audited(conn, call, "consent.grant", row)
    return row


async def withdraw(conn: WriteConnection, call: Call, consent_id: int) -> Answer:
    """Let a consent end now, and what rests on it.

    Without consent to share, the professional's assignment is ended; without consent to processing the
    record is restricted (spec E6): it is kept, and nothing is done with it.
    """
    consent = await stored.find_consent(conn, call.caller, consent_id)
    if consent is None:
        await hide(conn, call.caller, "consent.withdraw", stored.owner_of_consent(consent_id))
    child_id = consent.child_id
    standing = await admit(conn, call.caller, child_id, Action.CONSENT, "consent.withdraw", lock=True)
    row = await stored.withdraw_consent(conn, consent_id)
    if row is None:
        raise Conflict("this consent was withdrawn already", code="already_withdrawn")
    await _audited(conn, call, "consent.withdraw", row)
    await _follow(conn, call, standing, row)
    return shown(row, call), await call.changed(conn, [child_id])


async def _follow(conn: WriteConnection, call: Call, standing: Standing, row: Row[Any]) -> None:
    """What ends with a consent."""
    if row.purpose == "share_professional":
        for ended in await around.end_assignments_of(conn, row.child_id, row.grantee_user_id):
            subject, changed = f"assignment:{ended}", ["status", "ends_at"]
            await recorded(conn, call, "assignment.end", row.child_id, changed, subject=subject)
    elif row.purpose == "processing":
        await restrict_for_itself(conn, call, row.child_id, restricted=standing.restricted)


async def _require_usable(conn: ReadConnection, call: Call, asked: ConsentAsk) -> None:
    shares = asked.purpose == "share_professional"
    if shares != (asked.grantee_user_id is not None):
        detail = "consent to share names the professional, and no other consent does"
        _refuse("/body/grantee_user_id", "required" if shares else "not_applicable", detail)
    if asked.policy_version not in (None, call.policy):
        _refuse("/body/policy_version", "policy_outdated", f"the present is {call.policy}")
    grantee = asked.grantee_user_id
    if grantee is not None and not await around.is_verified_professional(conn, grantee):
        _refuse("/body/grantee_user_id", "not_verified", "this is no professional with a verified licence")


def _refuse(pointer: str, code: str, detail: str) -> None:
    raise Invalid(detail, code=code, errors=[FieldError(pointer, code, detail)])


def shown(row: Row[Any], call: Call) -> ConsentShown:
    """A consent as it travels."""
    outdated = row.withdrawn_at is None and row.policy_version != call.policy
    return ConsentShown.model_validate({**row._asdict(), "outdated": outdated})


async def _audited(conn: WriteConnection, call: Call, what: str, row: Row[Any]) -> None:
    await recorded(conn, call, what, row.child_id, [row.purpose], subject=f"consent:{row.id}")
