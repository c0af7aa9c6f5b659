"""The rule sets in the database are those of the code: a change of parameters is a new version."""

from sqlalchemy import text

from service.attendance.rules.ruleset import BUILT_IN, RuleSet
from service.core.database import Database


async def test_the_migrations_hold_every_built_in_rule_set_as_it_is(database: Database) -> None:
    async with database.read() as conn:
        rows = await conn.execute(text("SELECT name, version, parameters FROM attendance.rule_set"))
        stored = {(row.name, row.version): RuleSet.from_json(row.parameters) for row in rows}
    for rule_set in BUILT_IN.values():
        assert stored[rule_set.name, rule_set.version] == rule_set
