"""Who may pass to which child (spec E4.1): the predicate against the families of F0."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from service.children.door import Hidden, admit
from service.children.models import Child
from service.children.queries.visibility import asked_by, level_at, visible, way_of
from service.children.rules.permissions import Action
from service.core.auth import Caller
from tests.children.family import EMMA, KEYS, LEO, PEOPLE
from tests.children.house import House

LEVELS = {
    "G1": "primary",
    "G2": None,
    "G3": "read_only",
    "V1": "view",
    "C1": "comment",
    "E1": "edit",
    "X1": None,
    "W1": None,
    "N1": None,
    "U1": None,
    "AD": None,
    "K1": "key",
    "K2": None,
}


def caller(name: str) -> Caller:
    """Somebody of F0."""
    if name in KEYS:
        key, owner, child = KEYS[name]
        scopes = frozenset({"sessions:write"})
        return Caller(f"key:{key}", name, "key", scopes, person=owner, bound=frozenset({child}))
    return Caller(f"person:{PEOPLE[name]}", name, "token", frozenset(), person=PEOPLE[name])


async def test_everybody_stands_to_emma_as_the_fixtures_say(house: House) -> None:
    """Levels come from guardianship, or from assignment, consent and verification together."""
    async with house.runtime.database.read() as conn:
        found = {}
        for name in LEVELS:
            statement = select(level_at(caller(name), Child.id)).where(Child.id == EMMA)
            found[name] = (await conn.execute(statement)).scalar_one()
    assert found == LEVELS


async def test_the_predicate_lists_what_the_level_tells(house: House) -> None:
    """A list shows a child exactly to those who have a level at it."""
    async with house.runtime.database.read() as conn:
        for name, level in LEVELS.items():
            statement = select(Child.id).where(visible(caller(name), Child.id)).order_by(Child.id)
            seen = list((await conn.execute(statement)).scalars())
            assert (EMMA in seen) == (level is not None), name
            assert (LEO in seen) == (name in ("G2", "K2")), name


async def test_a_kept_statement_is_nobodys_until_it_is_told_who_asks(house: House) -> None:
    """One statement for each way shows everybody their own, and nothing at all without a caller."""
    kept = {
        way: select(level_at(way, Child.id)).where(Child.id == EMMA, Child.id.is_not(None))
        for way in {way_of(caller(name)) for name in LEVELS}
    }
    assert len(kept) == 2  # people, and keys of one child
    async with house.runtime.database.read() as conn:
        found = {}
        for name in LEVELS:
            asker = caller(name)
            found[name] = (await conn.execute(kept[way_of(asker)], asked_by(asker))).scalar_one()
        for statement in kept.values():
            with pytest.raises(StatementError, match="A value is required for bind parameter 'reach_"):
                await conn.execute(statement)
    assert found == LEVELS


@pytest.mark.parametrize("child", [EMMA, 999_999])
async def test_absent_and_hidden_are_told_apart_by_the_audit_alone(house: House, child: int) -> None:
    """Both are a 404 with the same words."""
    async with house.runtime.database.read() as conn:
        with pytest.raises(Hidden) as refused:
            await admit(conn, caller("N1"), child, Action.READ, "child.read")
    assert refused.value.detail == "there is no such thing, or you may not see it"
    assert refused.value.deny_code == ("not_visible" if child == EMMA else "absent")


async def test_a_device_plays_for_nobody_who_may_only_read(house: House) -> None:
    """The key stays as it was made; what its owner may do at the child decides each time (spec E4.4)."""
    played = {"session_type": "dental_visit", "scenario_name": "Chair"}
    for access, status in (("full", 201), ("read_only", 404), ("primary", 201)):
        await house.sql(
            "UPDATE children.child_guardians SET access = :access WHERE child_id = 1 AND user_id = 1",
            access=access,
        )
        assert (await house.ask("K1", "POST", "/1/sessions", json=played)).status_code == status, access


async def test_an_emergency_grant_opens_one_child_for_its_time(house: House) -> None:
    """And only to the admin who opened it."""
    token = await house.open_glass()
    [(grant,)] = await house.sql("SELECT id FROM children.break_glass")
    bound = frozenset({EMMA})
    admin = Caller("person:21", "AD", "token", frozenset(), person=21, bound=bound, break_glass=grant)
    async with house.runtime.database.read() as conn:
        statement = select(Child.id, level_at(admin, Child.id)).where(visible(admin, Child.id))
        assert (await conn.execute(statement)).all() == [(EMMA, "break_glass")]
    async with house.http(token=token) as http:
        assert (await http.get("/v1/access/me")).json()["id"] == "person:21"
    await house.sql(
        "UPDATE children.break_glass SET opened_at = now() - interval '3 hours', expires_at = now()"
    )
    async with house.runtime.database.read() as conn:
        assert (await conn.execute(select(Child.id).where(visible(admin, Child.id)))).all() == []
