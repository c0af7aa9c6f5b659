"""An erasure is asked for, approved and cancelled; until it is due the child is restricted (spec E6)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, literal

from service.access import audit
from service.children.door import admit, hide
from service.children.queries import erasures, requests
from service.children.queries.scopes import of_child
from service.children.rules.permissions import Action
from service.core.auth import Caller, not_signed_in
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import Conflict, FieldError, Invalid
from service.core.runtime import Runtime
from service.schemas.children.rights import Erasure, ErasureAsk

FRESH: Final = timedelta(minutes=5)
"""How long ago the password may have been given."""
APPROVE_WITHIN: Final = timedelta(days=14)


async def ask_for_erasure(
    runtime: Runtime, conn: WriteConnection, caller: Caller, child_id: int, asked: ErasureAsk
) -> tuple[Erasure, Mapping[str, int]]:
    """Restrict the child and let the time run: the grace, or first that of the other's approval.

    Raises as `admit`, `NotAuthenticated` (`login_too_old`), `Conflict` (`legal_hold`, `erasure_open`) and
    `Invalid` (`name_differs`).
    """
    await admit(conn, caller, child_id, Action.ERASE, "erase.request", lock=True)
    _require_fresh(caller)
    child = await requests.select_subject(conn, child_id)
    assert child is not None
    if child.legal_hold:
        raise Conflict("this child's record is under a legal hold and cannot be erased", code="legal_hold")
    if await erasures.select_open(conn, child_id) is not None:
        raise _already_open()
    _check_name(asked.confirm_name, child.name)
    approver = await erasures.another_full_guardian(conn, child_id, caller.person)
    request_id = await requests.insert_request(
        conn, _values(runtime, caller, child_id, asked, child, approver)
    )
    if request_id is None:
        raise _already_open()
    await erasures.restrict(conn, child_id)
    await audit.record(
        conn,
        caller,
        "erase.request",
        f"erasure:{request_id}",
        child_id=child_id,
        changed_fields=["restricted_at"],
    )
    return await _with_versions(runtime, conn, caller, request_id, child_id)


async def approve(
    runtime: Runtime, conn: WriteConnection, caller: Caller, erasure_id: UUID
) -> tuple[Erasure, Mapping[str, int]]:
    """The other full guardian agrees in time; the grace begins. Raises `Conflict` (`invalid_transition`)."""
    row = await _find(conn, caller, erasure_id, Action.APPROVE_ERASURE, "erase.approve", lock=True)
    if not await erasures.agree(conn, erasure_id, caller.person, _grace(runtime)):
        raise _no_way(row)
    await audit.record(conn, caller, "erase.approve", f"erasure:{erasure_id}", child_id=row.child_id)
    return await _with_versions(runtime, conn, caller, erasure_id, row.child_id)


async def cancel(
    runtime: Runtime, conn: WriteConnection, caller: Caller, erasure_id: UUID
) -> tuple[Erasure, Mapping[str, int]]:
    """It is off, and the restriction with it. Raises `Conflict` (`invalid_transition`) once it has begun."""
    row = await _find(conn, caller, erasure_id, Action.CANCEL_ERASURE, "erase.cancel", lock=True)
    if row.state not in ("awaiting", "pending"):
        raise _no_way(row)
    await erasures.call_off(conn, row)
    await audit.record(
        conn,
        caller,
        "erase.cancel",
        f"erasure:{erasure_id}",
        child_id=row.child_id,
        changed_fields=["restricted_at"],
    )
    return await _with_versions(runtime, conn, caller, erasure_id, row.child_id)


async def find_erasure(conn: ReadConnection, caller: Caller, erasure_id: UUID, what: str) -> Row[Any]:
    """An erasure: of a child that the caller may decide for, or that they had erased. Raises `Hidden`."""
    row = await requests.select_erasure(conn, caller, erasure_id)
    if row is None:
        await hide(conn, caller, what, requests.child_of(erasure_id, "erasure"))
    if row.state not in ("executing", "done") or row.requested_by != caller.person:
        await admit(conn, caller, row.child_id, Action.CANCEL_ERASURE, what)
    return row


def shown(row: Row[Any]) -> Erasure:
    """A row of `requests.requests` as it travels."""
    return Erasure.model_validate(
        {
            "id": row.id,
            "child_id": row.child_id,
            "state": row.state,
            "requested_at": row.created_at,
            "approve_by": row.expires_at if row.state == "awaiting" else None,
            "approved_at": row.approvals.get("at"),
            "executes_at": row.executes_at,
            "finished_at": row.finished_at,
            "verification": row.verification,
        }
    )


async def _find(
    conn: WriteConnection, caller: Caller, erasure_id: UUID, action: Action, what: str, *, lock: bool
) -> Row[Any]:
    row = await requests.select_erasure(conn, caller, erasure_id)
    if row is None:
        await hide(conn, caller, what, requests.child_of(erasure_id, "erasure"))
    await admit(conn, caller, row.child_id, action, what, lock=lock)
    again = await requests.select_erasure(conn, caller, erasure_id)  # behind the lock: as it is now
    assert again is not None
    return again


async def _with_versions(
    runtime: Runtime, conn: WriteConnection, caller: Caller, erasure_id: UUID, child_id: int
) -> tuple[Erasure, Mapping[str, int]]:
    row = await requests.select_erasure(conn, caller, erasure_id)
    assert row is not None
    return shown(row), await runtime.versions.raise_in(conn, [of_child(child_id)])


def _values(
    runtime: Runtime, caller: Caller, child_id: int, asked: ErasureAsk, child: Row[Any], approver: bool
) -> dict[str, Any]:
    return {
        "kind": "erasure",
        "child_id": child_id,
        "requested_by": caller.person,
        "reason": asked.reason,
        "params": {"restricts": child.restricted_at is None},
        "state": "awaiting" if approver else "pending",
        "expires_at": func.now() + literal(APPROVE_WITHIN) if approver else None,
        "executes_at": None if approver else func.now() + literal(_grace(runtime)),
    }


def _grace(runtime: Runtime) -> timedelta:
    return timedelta(days=runtime.settings.children.erasure_grace_days)


def _require_fresh(caller: Caller) -> None:
    """As RFC 9470 has it: the credential is good, and the sign-in is too long ago for this."""
    if caller.signed_in_at is None or datetime.now(UTC) - caller.signed_in_at > FRESH:
        minutes = int(FRESH.total_seconds() // 60)
        raise not_signed_in(
            f"sign in again: for this the password has to be given within {minutes} minutes",
            code="login_too_old",
        )


def _check_name(given: str, name: str) -> None:
    if given.strip() != name:
        detail = "this is not the child's name as it is kept"
        raise Invalid(detail, errors=[FieldError("/body/confirm_name", "name_differs", detail)])


def _already_open() -> Conflict:
    return Conflict("an erasure of this child is under way already", code="erasure_open")


def _no_way(row: Row[Any]) -> Conflict:
    stands = "not approved in time, and off" if row.state == "awaiting" else row.state
    return Conflict(f"this erasure is {stands}", code="invalid_transition")
