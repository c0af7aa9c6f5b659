"""Which style, which yarn a caller means."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.core.errors import NotFound, near_matches, unknown_value
from service.mill.queries import styles
from service.mill.queries.known import near_codes
from service.mill.queries.naming_styles import select_named
from service.mill.queries.substitutes import select_yarn
from service.schemas.mill.fields import as_stored


async def style_of_path(conn: ReadConnection, given: str) -> Row[Any]:
    """The style of a path. Raises `NotFound` with near codes."""
    code = as_stored(given)
    row = None if "\0" in code else await styles.select_style(conn, code)
    if row is None:
        near = [] if "\0" in code else near_matches(code, await near_codes(conn, "style", code))
        raise NotFound(f"there is no style {code!r}{_hint(near)}", code="style_not_found")
    return row


async def yarn_of_path(conn: ReadConnection, given: str) -> Row[Any]:
    """The yarn of a path. Raises `NotFound` with near codes."""
    code = as_stored(given)
    row = None if "\0" in code else await select_yarn(conn, code)
    if row is None:
        raise await no_yarn(conn, code)
    return row


async def no_yarn(conn: ReadConnection, code: str) -> NotFound:
    """What a path with this code answers: the codes near it."""
    near = [] if "\0" in code else near_matches(code, await near_codes(conn, "yarn", code))
    return NotFound(f"there is no yarn {code!r}{_hint(near)}", code="yarn_not_found")


async def styles_meant(conn: ReadConnection, names: Sequence[tuple[str, str]]) -> dict[str, str]:
    """By name the code of the style it means (A.6); `names` come with the pointer of each.

    Raises `Invalid` for a name that means none.
    """
    found = await select_named(conn, [name for _, name in names])
    for pointer, name in names:
        if name not in found:
            raise unknown_value(pointer, "style", name, await near_codes(conn, "style", name))
    return found


def _hint(near: Sequence[str]) -> str:
    return f"; did you mean {', '.join(near)}?" if near else ""
