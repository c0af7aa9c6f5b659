"""The rules of an appliance: as they hold or held, and replaced."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection

_RULES = text("""
    SELECT name, tier, mode, origin, enforced, requirements, valid_from, changed_by FROM crew.crewing_rule
    WHERE appliance_id = :appliance
      AND CASE WHEN CAST(:known_at AS timestamptz) IS NULL THEN valid_to IS NULL
               ELSE valid_from <= :known_at AND (valid_to IS NULL OR valid_to > :known_at) END
    ORDER BY enforced DESC, tier, id
""")
# It grows whenever a rule is set or ended, and never otherwise.
_VERSION = text("""
    SELECT count(*) + count(valid_to) FROM crew.crewing_rule
    WHERE appliance_id = :appliance AND origin = 'config'
""")
_LOCK = text("SELECT id FROM crew.appliance WHERE id = :appliance FOR UPDATE")
_END = text("""
    WITH wanted AS (
        SELECT * FROM jsonb_to_recordset(CAST(:rules AS jsonb))
            AS t (name text, tier smallint, mode text, enforced boolean, requirements jsonb)
    )
    UPDATE crew.crewing_rule r SET valid_to = greatest(now(), r.valid_from + interval '1 microsecond')
    WHERE r.appliance_id = :appliance AND r.origin = 'config' AND r.valid_to IS NULL
      AND NOT EXISTS (SELECT 1 FROM wanted w
                      WHERE (w.name, w.tier, w.mode, w.enforced, w.requirements)
                          = (r.name, r.tier, r.mode, r.enforced, r.requirements))
""")
_SET = text("""
    WITH wanted AS (
        SELECT * FROM jsonb_to_recordset(CAST(:rules AS jsonb))
            AS t (name text, tier smallint, mode text, enforced boolean, requirements jsonb)
    )
    INSERT INTO crew.crewing_rule (appliance_id, origin, name, tier, mode, enforced, requirements, changed_by)
    SELECT :appliance, 'config', w.name, w.tier, w.mode, w.enforced, w.requirements, :who FROM wanted w
    WHERE NOT EXISTS (SELECT 1 FROM crew.crewing_rule r
                      WHERE r.appliance_id = :appliance AND r.origin = 'config' AND r.valid_to IS NULL
                        AND r.name = w.name)
""")


async def select_rules_of(
    conn: ReadConnection, appliance_id: int, known_at: datetime | None = None
) -> Sequence[Row[Any]]:
    """The rules of an appliance that hold, or held then: its own and its title's."""
    return (await conn.execute(_RULES, {"appliance": appliance_id, "known_at": known_at})).all()


async def select_version(conn: ReadConnection, appliance_id: int) -> int:
    """The version of an appliance's own rules; 0: it never had any."""
    version: int = (await conn.execute(_VERSION, {"appliance": appliance_id})).scalar_one()
    return version


async def lock_appliance(conn: WriteConnection, appliance_id: int) -> None:
    """Let nobody else change the rules of an appliance until the transaction ends."""
    await conn.execute(_LOCK, {"appliance": appliance_id})


async def replace_rules(
    conn: WriteConnection, appliance_id: int, rules: Sequence[Mapping[str, Any]], who: str
) -> bool:
    """These are the appliance's own rules from now on; those unchanged go on. Whether any changed."""
    values = {"appliance": appliance_id, "rules": orjson.dumps(list(rules)).decode()}
    ended = (await conn.execute(_END, values)).rowcount
    made = (await conn.execute(_SET, {**values, "who": who})).rowcount
    return bool(ended or made)
