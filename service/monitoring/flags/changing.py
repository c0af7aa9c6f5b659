"""Change the share of a flag, back to its setting, or to nothing; each change is audited with its cause."""

from collections.abc import Awaitable, Callable

from service.access import audit
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import FieldError, Invalid, NotFound, near_matches
from service.core.flags import EVERYBODY, MASTER, NAMES, SCOPE, delete_flag, select_flags, upsert_flag
from service.core.versions import Versions


def check_name(name: str) -> None:
    """Raise `NotFound` for a flag that does not exist, with near matches."""
    if name not in NAMES:
        near = near_matches(name, NAMES)
        hint = f"did you mean {', '.join(near)}?" if near else f"there are: {', '.join(NAMES)}"
        raise NotFound(f"there is no flag {name!r}; {hint}", code="unknown_flag")


async def set_share(
    conn: WriteConnection, versions: Versions, name: str, share: int, *, reason: str, who: Caller | str
) -> bool:
    """Give a flag a share (percent), in force on every replica with the commit; False if nothing changes.

    Raises `NotFound` for an unknown flag and `Invalid` for a share of the master between off and on.
    """
    check_name(name)
    if name == MASTER and share not in (0, EVERYBODY):
        detail = f"{MASTER} is off (0) or on ({EVERYBODY})"
        raise Invalid(detail, errors=[FieldError("/body/share", "off_or_on", detail)])
    by = who.id if isinstance(who, Caller) else who
    return await _change(conn, versions, name, who, lambda: upsert_flag(conn, name, share, reason, by))


async def reset_share(conn: WriteConnection, versions: Versions, name: str, *, who: Caller | str) -> bool:
    """Back to the share of the setting; False if nothing changes. Raises `NotFound` for an unknown flag."""
    check_name(name)
    return await _change(conn, versions, name, who, lambda: delete_flag(conn, name))


async def switch_off(conn: WriteConnection, versions: Versions, name: str, *, reason: str, by: str) -> bool:
    """Roll an optimisation back, for all callers on every replica; False if it was off for that reason.

    `by` names the cause (`alert:slow answers`). Call it last in the transaction: it raises a data version.
    """
    return await set_share(conn, versions, name, 0, reason=reason, who=by)


async def _change(
    conn: WriteConnection,
    versions: Versions,
    name: str,
    who: Caller | str,
    write: Callable[[], Awaitable[bool]],
) -> bool:
    before, _ = await select_flags(conn, SCOPE)
    if not await write():
        return False
    after, _ = await select_flags(conn, SCOPE)
    old, new = (
        {"share": row.share, "reason": row.reason} if (row := rows.get(name)) is not None else None
        for rows in (before, after)
    )
    await audit.record(conn, who, "flag.changed", f"flag:{name}", before=old, after=new)
    await versions.raise_in(conn, [SCOPE])
    return True
