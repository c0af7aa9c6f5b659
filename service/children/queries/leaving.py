"""A person is erased: what of theirs stands at children goes, unless a child depends on them (spec E6)."""

from typing import Final

from sqlalchemy import text

from service.children.queries.scopes import of_child
from service.core.database import WriteConnection
from service.core.versions import raise_versions

_DEPENDING: Final = text("SELECT count(*) FROM children.children WHERE parent_id = :person")
# Rows of assignments and consents stay, as what was allowed to whom is what guardians may ask for later.
_LEAVE: Final = text("""
    WITH guardian AS (
        DELETE FROM children.child_guardians WHERE user_id = :person RETURNING child_id
    ), assigned AS (
        UPDATE children.care_assignments
        SET status = 'ended', ends_at = greatest(clock_timestamp(), starts_at + interval '1 microsecond'),
            reason = 'account erased', version = version + 1, updated_at = clock_timestamp()
        WHERE professional_id = :person AND status IN ('invited', 'active') RETURNING child_id
    ), shared AS (
        UPDATE children.consents SET withdrawn_at = clock_timestamp()
        WHERE grantee_user_id = :person AND withdrawn_at IS NULL RETURNING child_id
    )
    SELECT child_id FROM guardian UNION SELECT child_id FROM assigned UNION SELECT child_id FROM shared
    ORDER BY child_id
""")


async def leave(conn: WriteConnection, person: int) -> list[str]:
    """Take a person out of the desk; or a sentence about the children whose primary guardian they are."""
    depending = (await conn.execute(_DEPENDING, {"person": person})).scalar_one()
    if depending:
        counted = "1 child" if depending == 1 else f"{depending} children"
        remedy = "have what is kept about them erased first, or let another guardian be the primary one"
        return [f"You are the primary guardian of {counted}; {remedy}."]
    children = (await conn.execute(_LEAVE, {"person": person})).scalars().all()
    await raise_versions(conn, [of_child(child) for child in children])
    return []
