"""Yarns, and those that may stand for them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection

_YARN: Final = """
    y.id, y.yarn_code, y.description, y.color, y.blend, y.material, y.fibre_form, y.size_raw, y.tex,
    y.cost_per_lb, y.safety_stock_lb, y.active, i.planning_balance, i.theoretical_balance
"""
_FROM: Final = "FROM mill.yarns y LEFT JOIN mill.yarn_inventory i ON i.yarn_id = y.id"
_ONE = text(f"SELECT {_YARN} {_FROM} WHERE y.yarn_code = :code")
_MANY = text(f"""
    SELECT {_YARN} {_FROM} WHERE y.yarn_code = ANY (CAST(:codes AS text[])) ORDER BY y.yarn_code
""")
_APPROVED = text(f"""
    SELECT {_YARN}, s.score, s.factor, s.approved, s.valid_from, s.valid_to, s.row_version
    FROM mill.yarn_substitutes s JOIN mill.yarns y ON y.id = s.substitute_id
    LEFT JOIN mill.yarn_inventory i ON i.yarn_id = y.id
    WHERE s.yarn_id = :yarn ORDER BY y.yarn_code
""")  # noqa: S608  constants of this file
# Only what can be alike at all: spun is never filament, and the widest tolerance of A.17 is a tenth, here
# with a little more, for `tex` is rounded.
_ALIKE = text(f"""
    SELECT {_YARN} {_FROM}
    WHERE y.id <> :yarn AND y.active
      AND y.tex BETWEEN CAST(:tex AS numeric) * 0.899 AND CAST(:tex AS numeric) / 0.899
      AND y.fibre_form IN ('unknown', :form) ORDER BY y.yarn_code
""")
_GROUP = text(f"""
    WITH RECURSIVE linked (yarn_id) AS (
        SELECT CAST(:yarn AS bigint)
        UNION
        SELECT CASE WHEN s.yarn_id = l.yarn_id THEN s.substitute_id ELSE s.yarn_id END
        FROM linked l JOIN mill.yarn_substitutes s ON l.yarn_id IN (s.yarn_id, s.substitute_id)
        WHERE s.approved AND (s.valid_from IS NULL OR s.valid_from <= :as_of)
          AND (s.valid_to IS NULL OR s.valid_to > :as_of)
    )
    SELECT {_YARN} FROM linked l JOIN mill.yarns y ON y.id = l.yarn_id
    LEFT JOIN mill.yarn_inventory i ON i.yarn_id = y.id ORDER BY y.yarn_code
""")  # noqa: S608  constants of this file
_LOCK = text("""
    SELECT s.score, s.factor, s.approved, s.valid_from, s.valid_to, s.row_version
    FROM mill.yarn_substitutes s WHERE s.yarn_id = :yarn AND s.substitute_id = :substitute FOR UPDATE
""")
_PUT = text("""
    INSERT INTO mill.yarn_substitutes AS s
        (yarn_id, substitute_id, score, factor, approved, valid_from, valid_to)
    VALUES (:yarn, :substitute, :score, :factor, :approved, :valid_from, :valid_to)
    ON CONFLICT (yarn_id, substitute_id) DO UPDATE
    SET score = excluded.score, factor = excluded.factor, approved = excluded.approved,
        valid_from = excluded.valid_from, valid_to = excluded.valid_to, row_version = s.row_version + 1
    RETURNING row_version
""")
_DELETE = text("DELETE FROM mill.yarn_substitutes WHERE yarn_id = :yarn AND substitute_id = :substitute")


async def select_yarn(conn: ReadConnection, code: str) -> Row[Any] | None:
    """The yarn of this code, with its balances where somebody counted it."""
    return (await conn.execute(_ONE, {"code": code})).one_or_none()


async def select_yarns(conn: ReadConnection, codes: Sequence[str]) -> Sequence[Row[Any]]:
    """Yarns by code."""
    return (await conn.execute(_MANY, {"codes": list(codes)})).all()


async def select_substitutes(conn: ReadConnection, yarn: int) -> Sequence[Row[Any]]:
    """The yarns that somebody named as standing for this one, approved or not."""
    return (await conn.execute(_APPROVED, {"yarn": yarn})).all()


async def select_alike(conn: ReadConnection, yarn: int, tex: Decimal | None, form: str) -> Sequence[Row[Any]]:
    """Active yarns of about the same weight that are not known to be of the other form."""
    if tex is None:
        return ()
    return (await conn.execute(_ALIKE, {"yarn": yarn, "tex": tex, "form": form})).all()


async def select_group(conn: ReadConnection, yarn: int, as_of: date) -> Sequence[Row[Any]]:
    """The yarn and all that approved substitutes tie to it, over every step."""
    return (await conn.execute(_GROUP, {"yarn": yarn, "as_of": as_of})).all()


async def lock_substitute(conn: WriteConnection, yarn: int, substitute: int) -> Row[Any] | None:
    """A substitute that nobody else changes until the transaction ends."""
    return (await conn.execute(_LOCK, {"yarn": yarn, "substitute": substitute})).one_or_none()


async def put_substitute(conn: WriteConnection, values: dict[str, Any]) -> int:
    """Name a substitute, or name it anew; its version."""
    version: int = (await conn.execute(_PUT, values)).scalar_one()
    return version


async def delete_substitute(conn: WriteConnection, yarn: int, substitute: int) -> None:
    """No longer a substitute."""
    await conn.execute(_DELETE, {"yarn": yarn, "substitute": substitute})
