"""Which stored rule set a name means."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from service.attendance.models import RuleSet
from service.attendance.rules.ruleset import BUILT_IN, RECOMMENDED
from service.core.database import ReadConnection
from service.core.errors import unknown_value

NOTHING_COMPUTED: Final = -1
"""The id of a rule set under which nothing has been computed yet; no row has it."""


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
