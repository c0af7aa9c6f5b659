"""Reads for the monthly sheet and its kin: whose rows, under which rules, and the days as columns."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, text

from service.core.columns import Columns, copy_columns
from service.core.database import ReadConnection

_PEOPLE = text("""
    SELECT p.id, p.upstream_name AS number, p.name, p.joined_on, p.left_on,
           s.name AS site, c.name AS company, p.department, p.designation, p.grade
    FROM attendance.person p
    LEFT JOIN attendance.site s ON s.id = p.site_id
    LEFT JOIN attendance.company c ON c.id = p.company_id
    WHERE p.deleted_at IS NULL
      AND (CAST(:site AS text) IS NULL OR s.name = :site)
      AND (CAST(:sites AS text[]) IS NULL OR s.name = ANY(:sites))
      AND (CAST(:company AS text) IS NULL OR c.name = :company)
      AND (CAST(:department AS text) IS NULL OR p.department = :department)
      AND (CAST(:person AS text) IS NULL OR p.upstream_name = :person)
    ORDER BY p.upstream_name COLLATE "C"
""")
_ABSENT_SITES = text("""
    SELECT given FROM unnest(CAST(:sites AS text[])) AS given
    WHERE NOT EXISTS (
        SELECT FROM attendance.site s
        WHERE s.name = given AND (
            s.deleted_at IS NULL
            OR EXISTS (SELECT FROM attendance.person p WHERE p.site_id = s.id AND p.deleted_at IS NULL)))
    ORDER BY given COLLATE "C"
""")
_DAYS = """
    SELECT person_id, work_date, coalesce(shift_type_id, -1), code::char(4), late_counted, early,
           coalesce(leave_type_id, -1), status = 'PENDING' AND pending_reason <= 4, shift_seq = 0
    FROM attendance.day
    WHERE rule_set_id = $1 AND work_date BETWEEN $2 AND $3 AND person_id = ANY($4)
"""
# Pending for reasons beyond UPSTREAM_NOT_THERE_YET (4) is final: the upstream leaves that day blank.
_DAY_KINDS = {
    "person": "int4",
    "date": "date",
    "shift": "int4",
    "code": "char4",
    "late": "bool",
    "early": "bool",
    "leave_type": "int4",
    "pending": "bool",
    "first": "bool",
}
_KNOWN = {
    "site": text("SELECT name FROM attendance.site WHERE deleted_at IS NULL"),
    "person": text("SELECT upstream_name FROM attendance.person WHERE deleted_at IS NULL"),
    "shift": text("SELECT name FROM attendance.shift_type WHERE deleted_at IS NULL"),
    "holiday list": text("SELECT name FROM attendance.holiday_list WHERE deleted_at IS NULL"),
    "rule set": text("SELECT DISTINCT name FROM attendance.rule_set WHERE active"),
}


@dataclass(frozen=True, slots=True)
class ChosenRuleSet:
    """The newest active version of a named rule set."""

    id: int
    name: str
    version: int
    parameters: dict[str, Any]

    @property
    def key(self) -> str:
        """`name/version`."""
        return f"{self.name}/{self.version}"


async def select_known(conn: ReadConnection, what: str) -> list[str]:
    """The names there are of one kind: a key of `_KNOWN`."""
    return list((await conn.execute(_KNOWN[what])).scalars())


async def select_absent_sites(conn: ReadConnection, sites: Collection[str]) -> list[str]:
    """Those of these names that are no site, or a deleted one that nobody is left at; in order."""
    if not sites:
        return []
    return list((await conn.execute(_ABSENT_SITES, {"sites": sorted(sites)})).scalars())


async def select_rule_set(conn: ReadConnection, name: str) -> ChosenRuleSet | None:
    """The rule set of that name, its newest active version."""
    row = (
        await conn.execute(
            text("""
                SELECT id, name, version, parameters FROM attendance.rule_set
                WHERE name = :name AND active ORDER BY version DESC LIMIT 1
            """),
            {"name": name},
        )
    ).one_or_none()
    return None if row is None else ChosenRuleSet(*row)


async def select_people(
    conn: ReadConnection,
    *,
    site: str | None = None,
    sites: Sequence[str] | None = None,
    company: str | None = None,
    department: str | None = None,
    person: str | None = None,
) -> Sequence[Row[Any]]:
    """People by these filters, in order of their numbers; `sites` limits what the caller may see."""
    values = {
        "site": site,
        "sites": None if sites is None else list(sites),
        "company": company,
        "department": department,
        "person": person,
    }
    return (await conn.execute(_PEOPLE, values)).all()


async def copy_sheet_days(
    conn: ReadConnection, rule_set_id: int, start: date, end: date, people: Sequence[int]
) -> Columns:
    """The days of these people and dates as columns (`_DAY_KINDS`)."""
    return await copy_columns(conn, _DAYS, _DAY_KINDS, rule_set_id, start, end, list(people))


async def select_shift_names(conn: ReadConnection) -> dict[int, str]:
    """Names of shift types by id."""
    rows = await conn.execute(text("SELECT id, name FROM attendance.shift_type"))
    return {row.id: row.name for row in rows}


async def select_leave_type_names(conn: ReadConnection) -> dict[int, str]:
    """Names of leave types by id, deleted ones too: their days stay."""
    rows = await conn.execute(text("SELECT id, name FROM attendance.leave_type ORDER BY id"))
    return {row.id: row.name for row in rows}


async def count_pending(
    conn: ReadConnection, rule_set_id: int, start: date, end: date, people: Sequence[int]
) -> tuple[int, int]:
    """How many person-days of a range are not decided, and how many have no result at all."""
    row = (
        await conn.execute(
            text("""
                SELECT count(*) FILTER (WHERE status = 'PENDING' AND pending_reason <= 4) AS pending,
                       count(*) FILTER (WHERE shift_seq = 0) AS there
                FROM attendance.day
                WHERE rule_set_id = :rule_set AND work_date BETWEEN :start AND :end
                  AND person_id = ANY(:people)
            """),
            {"rule_set": rule_set_id, "start": start, "end": end, "people": list(people)},
        )
    ).one()
    return row.pending, len(people) * ((end - start).days + 1) - row.there
