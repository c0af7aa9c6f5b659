"""Rule sets as a list, and which stored one a name means."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from service.attendance.models import RuleSet
from service.attendance.queries.browse.listed import Asking, Listed, Shelf, rows
from service.attendance.rules.ruleset import BUILT_IN, RECOMMENDED
from service.core.database import ReadConnection
from service.core.errors import unknown_value
from service.core.paging import SortKey
from service.schemas.attendance.rule_sets import RuleSetsAsk

NOTHING_COMPUTED: Final = -1
"""The id of a rule set under which nothing has been computed yet; no row has it."""


_RULE_SET = RuleSet.__table__.c


def _shown(row: Any) -> Mapping[str, Any]:
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to a row's mapping


RULE_SETS: Final = Shelf(
    name="attendance.rule_sets",
    keys=(SortKey("name", _RULE_SET.name), SortKey("version", _RULE_SET.version, descending=True)),
    one=_RULE_SET.id,
    read=rows,
    shown=_shown,
)


async def list_rule_sets(conn: ReadConnection, asking: Asking, ask: RuleSetsAsk) -> Listed:
    """A page of rule sets by name, the newest version of each first."""
    shown = "name version parameters active created_by created_at"
    statement = select(*[_RULE_SET[name] for name in shown.split()])
    if ask.q is not None:
        statement = statement.where(_RULE_SET.name.icontains(ask.q, autoescape=True))
    if ask.active is not None:
        statement = statement.where(_RULE_SET.active == ask.active)
    return await RULE_SETS.page(conn, asking, ask, statement)


@dataclass(frozen=True, slots=True)
class ChosenRules:
    """A rule set that results can be asked for."""

    id: int
    name: str
    version: int

    @property
    def key(self) -> str:
        """How results cite it: `recommended/1`."""
        return f"{self.name}/{self.version}"


async def choose_rules(conn: ReadConnection, name: str | None) -> ChosenRules:
    """The newest active version of a rule set, `recommended` where none is named.

    Raises `Invalid` (`unknown_rule_set`).
    """
    wanted = name or RECOMMENDED.name
    table = RuleSet.__table__.c
    newest = (
        select(table.id, table.name, table.version)
        .where(table.name == wanted, table.active)
        .order_by(table.version.desc())
    )
    row = (await conn.execute(newest.limit(1))).one_or_none()
    if row is not None:
        return ChosenRules(*row)
    if wanted in BUILT_IN:
        return ChosenRules(NOTHING_COMPUTED, wanted, BUILT_IN[wanted].version)
    known = (await conn.execute(select(table.name).where(table.active).distinct())).scalars()
    raise unknown_value("/query/rule_set", "rule set", wanted, {*known, *BUILT_IN})
