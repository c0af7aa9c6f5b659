"""Consents of a child: those that stand, those that were withdrawn; and whether its erasure is under way."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Row, Select, exists, func, insert, select, update

from service.children.models import Consent, DataRequest
from service.children.queries.visibility import visible
from service.core.auth import Caller
from service.core.database import ReadConnection, WriteConnection
from service.core.paging import SortKey

CONSENTS: Final = (SortKey("id", Consent.__table__.c.id, descending=True),)
_CONSENT: Final = (
    Consent.id,
    Consent.child_id,
    Consent.purpose,
    Consent.grantee_user_id,
    Consent.granted_by,
    Consent.policy_version,
    Consent.legal_basis,
    Consent.granted_at,
    Consent.withdrawn_at,
)


def consents_of(caller: Caller, child_id: int) -> Any:
    """The consents of a child, withdrawn ones too."""
    return select(*_CONSENT).where(Consent.child_id == child_id, visible(caller, Consent.child_id))


async def standing_consent(
    conn: WriteConnection, child_id: int, purpose: str, grantee: int | None
) -> Row[Any] | None:
    """The consent of a purpose that stands."""
    statement: Any = select(*_CONSENT).where(
        Consent.child_id == child_id,
        Consent.purpose == purpose,
        Consent.grantee_user_id.is_not_distinct_from(grantee),
        Consent.withdrawn_at.is_(None),
    )
    found: Row[Any] | None = (await conn.execute(statement)).one_or_none()
    return found


async def insert_consent(conn: WriteConnection, values: Mapping[str, Any]) -> Row[Any]:
    """Record a consent that is given now."""
    adding: Any = insert(Consent).values(**values).returning(*_CONSENT)
    found: Row[Any] = (await conn.execute(adding)).one()
    return found


async def find_consent(conn: ReadConnection, caller: Caller, consent_id: int) -> Row[Any] | None:
    """A consent of a child that who asks sees."""
    statement: Any = select(*_CONSENT).where(Consent.id == consent_id, visible(caller, Consent.child_id))
    found: Row[Any] | None = (await conn.execute(statement)).one_or_none()
    return found


def owner_of_consent(consent_id: int) -> Select[int]:
    """Whose a consent is, whoever asks."""
    return select(Consent.child_id).where(Consent.id == consent_id)


async def withdraw_consent(conn: WriteConnection, consent_id: int) -> Row[Any] | None:
    """Let a consent end now; None where it has already."""
    ending: Any = (
        update(Consent)
        .where(Consent.id == consent_id, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=func.greatest(func.now(), Consent.granted_at))
        .returning(*_CONSENT)
    )
    found: Row[Any] | None = (await conn.execute(ending)).one_or_none()
    return found


async def erasure_is_open(conn: ReadConnection, child_id: int) -> bool:
    """Whether the child's erasure has been asked for and is not over."""
    found = select(
        exists().where(
            DataRequest.child_id == child_id,
            DataRequest.kind == "erasure",
            DataRequest.state.in_(("awaiting", "pending", "executing")),
        )
    )
    return bool((await conn.execute(found)).scalar_one())
