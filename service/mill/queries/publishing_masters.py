"""Suppliers, styles, other names of styles, machines and rates of a file put in force."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import text

from service.core.database import WriteConnection


async def put_suppliers(conn: WriteConnection, present: Collection[str]) -> int:
    """Suppliers by code; how many changed."""
    told = {"lead_time_days": "i.lead_time_days", "active": "i.active"}
    told |= {"name": "coalesce(i.name, i.supplier_code)"} if "name" in present else {}
    told |= {"moq_lb": "coalesce(i.moq_lb, 0)"} if "moq_lb" in present else {}
    told |= {"origin": "i.origin"} if "origin" in present else {}
    name = "" if "name" in told else ", name"
    code = "" if "name" in told else ", i.supplier_code"
    statement = f"""
        INSERT INTO mill.suppliers AS t (supplier_code, {", ".join(told)}{name})
        SELECT i.supplier_code, {", ".join(told.values())}{code} FROM incoming i
        WHERE NOT i.bad ORDER BY i.supplier_code
        ON CONFLICT (supplier_code) DO UPDATE
        SET {", ".join(f"{one} = excluded.{one}" for one in told)}, row_version = t.row_version + 1,
            updated_at = now()
        WHERE ({", ".join(f"t.{one}" for one in told)})
              IS DISTINCT FROM ({", ".join(f"excluded.{one}" for one in told)})
    """  # noqa: S608  built of the names above only
    return (await conn.execute(text(statement))).rowcount


_CENTRES: Final = text("""
    INSERT INTO mill.work_centers (code, construction, diameter_in, needle_cut, kind)
    SELECT DISTINCT i.work_center, split_part(i.work_center, '.', 1)::smallint,
           split_part(i.work_center, '.', 2)::smallint, split_part(i.work_center, '.', 3)::smallint,
           split_part(i.work_center, '.', 4)
    FROM incoming i WHERE NOT i.bad AND i.work_center IS NOT NULL ORDER BY 1
    ON CONFLICT (code) DO NOTHING
""")


async def put_centres(conn: WriteConnection) -> int:
    """Work centres that only this file names: their code says what they are. How many."""
    return (await conn.execute(_CENTRES)).rowcount


_STYLE: Final = {
    "base_code": "i.base_code",
    "stage": "coalesce(i.stage, o.stage, 'greige')",
    "work_center_id": "w.id",
    "yds_per_lb": "i.yds_per_lb",
    "oz_per_lin_yd": "i.oz_per_lin_yd",
    "width_in": "i.width_in",
    "gsm": "i.gsm",
    "lb_per_piece": "i.lb_per_piece",
    "rate_lb_per_day": "i.rate_lb_per_day",
    "conversion_cost_per_lb": "i.conversion_cost_per_lb",
    "loss_mode": "coalesce(i.loss_mode, o.loss_mode, 'add_on')",
}
_STYLE_FROM: Final = {"work_center_id": "work_center"}


async def put_styles(conn: WriteConnection, present: Collection[str]) -> int:
    """Styles by code, with what the file has a column for; how many changed."""
    told = {name: sql for name, sql in _STYLE.items() if _STYLE_FROM.get(name, name) in present}
    joined = "LEFT JOIN mill.work_centers w ON w.code = i.work_center" if "work_center_id" in told else ""
    names = ["status", *told]
    statement = f"""
        INSERT INTO mill.styles AS t (style_code, {", ".join(names)})
        SELECT i.style_code, {", ".join(["'active'", *told.values()])} FROM incoming i
        LEFT JOIN mill.styles o ON o.style_code = i.style_code {joined}
        WHERE NOT i.bad ORDER BY i.style_code
        ON CONFLICT (style_code) DO UPDATE
        SET {", ".join(f"{one} = excluded.{one}" for one in names)}, row_version = t.row_version + 1
        WHERE ({", ".join(f"t.{one}" for one in names)})
              IS DISTINCT FROM ({", ".join(f"excluded.{one}" for one in names)})
    """  # noqa: S608  built of the names above only
    return (await conn.execute(text(statement))).rowcount


_ALIASES: Final = text("""
    INSERT INTO mill.style_aliases AS a (kind, alias_code, style_id, method, version)
    SELECT DISTINCT ON (i.kind, i.alias_code, n.style_id) i.kind, i.alias_code, n.style_id, 'file', i.version
    FROM incoming i JOIN named_styles n ON n.code = i.style_code
    WHERE NOT i.bad
    ORDER BY i.kind, i.alias_code, n.style_id, lpad(coalesce(i.version, ''), 20, '0') DESC
    ON CONFLICT (kind, alias_code, style_id) DO UPDATE SET version = excluded.version
    WHERE a.version IS DISTINCT FROM excluded.version AND a.method <> 'manual'
""")
# What an earlier file said of a name that this one speaks of: of two mappings without a version nobody could
# tell the newer. A name with a rejected row keeps what it had.
_FORGET_ALIASES: Final = text("""
    DELETE FROM mill.style_aliases a
    WHERE a.method = 'file'
          AND EXISTS (SELECT FROM incoming i WHERE i.kind = a.kind AND i.alias_code = a.alias_code)
          AND NOT EXISTS (SELECT FROM incoming i LEFT JOIN named_styles n ON n.code = i.style_code
                          WHERE i.kind = a.kind AND i.alias_code = a.alias_code
                                AND (i.bad OR n.style_id = a.style_id))
""")
_FORGET_BASES: Final = text("""
    DELETE FROM mill.style_aliases a
    WHERE a.method = 'file' AND a.kind = 'cfbase'
          AND EXISTS (SELECT FROM incoming i WHERE i.cfbase = a.alias_code)
          AND NOT EXISTS (SELECT FROM incoming i LEFT JOIN named_styles n ON n.code = i.style_code
                          WHERE i.cfbase = a.alias_code AND (i.bad OR n.style_id = a.style_id))
""")
_BASES: Final = text("""
    INSERT INTO mill.style_aliases AS a (kind, alias_code, style_id, method, version)
    SELECT DISTINCT ON (i.cfbase, n.style_id) 'cfbase', i.cfbase, n.style_id, 'file', i.version
    FROM incoming i JOIN named_styles n ON n.code = i.style_code
    WHERE NOT i.bad AND i.cfbase IS NOT NULL
    ORDER BY i.cfbase, n.style_id, lpad(coalesce(i.version, ''), 20, '0') DESC
    ON CONFLICT (kind, alias_code, style_id) DO UPDATE SET version = excluded.version
    WHERE a.version IS DISTINCT FROM excluded.version AND a.method <> 'manual'
""")


async def put_aliases(conn: WriteConnection) -> int:
    """Other names of styles, in place of those the same names had; of several versions the newest counts.

    How many changed.
    """
    await conn.execute(_FORGET_ALIASES)
    await conn.execute(_FORGET_BASES)
    put = (await conn.execute(_ALIASES)).rowcount
    return put + (await conn.execute(_BASES)).rowcount


_MACHINES: Final = text("""
    INSERT INTO mill.machines AS m (machine_code, work_center_id)
    SELECT i.machine_code, w.id FROM incoming i JOIN mill.work_centers w ON w.code = i.work_center
    WHERE NOT i.bad ORDER BY i.machine_code
    ON CONFLICT (machine_code) DO UPDATE
    SET work_center_id = excluded.work_center_id, row_version = m.row_version + 1
    WHERE m.work_center_id <> excluded.work_center_id
""")


async def put_machines(conn: WriteConnection) -> int:
    """Machines and the centres they stand in; how many changed."""
    return (await conn.execute(_MACHINES)).rowcount


_RATES: Final = text("""
    UPDATE mill.styles s SET rate_lb_per_day = i.rate_lb_per_day, row_version = s.row_version + 1
    FROM incoming i JOIN named_styles n ON n.code = i.style_code
    WHERE NOT i.bad AND s.id = n.style_id AND s.rate_lb_per_day IS DISTINCT FROM i.rate_lb_per_day
""")


async def put_rates(conn: WriteConnection) -> int:
    """Pounds a day of each style; how many changed."""
    return (await conn.execute(_RATES)).rowcount
