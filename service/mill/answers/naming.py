"""Which style, which yarn a caller means."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.core.errors import NotFound, near_matches, unknown_value
from service.mill.queries import styles
from service.mill.queries.naming_styles import select_named
from service.mill.queries.substitutes import select_near_yarns, select_yarn
from service.schemas.mill.fields import as_stored


async def style_of_path(conn: ReadConnection, given: str) -> Row[Any]:
    """The style of a path. Raises `NotFound` with near codes."""
    code = as_stored(given)
    row = None if "\0" in code else await styles.select_style(conn, code)
    if row is None:
        near = [] if "\0" in code else near_matches(code, await styles.select_near(conn, code))
        raise NotFound(f"there is no style {code!r}{_hint(near)}", code="style_not_found")
    return row


async def yarn_of_path(conn: ReadConnection, given: str) -> Row[Any]:
    """The yarn of a path. Raises `NotFound` with near codes."""
    code = as_stored(given)
    row = None if "\0" in code else await select_yarn(conn, code)
    if row is None:
        near = [] if "\0" in code else near_matches(code, await select_near_yarns(conn, code))
        raise NotFound(f"there is no yarn {code!r}{_hint(near)}", code="yarn_not_found")
    return row


async def styles_meant(conn: ReadConnection, names: Sequence[tuple[str, str]]) -> dict[str, str]:
    """By name the code of the style it means (A.6); `names` come with the pointer of each.

    Raises `Invalid` for a name that means none.
    """
    found = await select_named(conn, [name for _, name in names])
    for pointer, name in names:
        if name not in found:
            raise unknown_value(pointer, "style", name, await styles.select_near(conn, name))
    return found


def _hint(near: Sequence[str]) -> str:
    return f"; did you mean {', '.join(near)}?" if near else ""
