"""Replacing a secret key: what the old one sealed is sealed anew, and opens when that is withdrawn."""

from uuid import uuid4

from pydantic import SecretStr

from service.children.family.resealing import reseal
from service.core.sealing import Sealer
from service.core.tasks import JobContext
from service.core.tasks.job import NoParams
from tests.children.house import SECRET, House

NEW = "a-new-secret-of-thirty-two-characters"
CHILD = {
    "name": "Rea",
    "date_of_birth": "2018-03-01",
    "consents": [{"purpose": "processing", "policy_version": "2026-01"}],
    "safety_protocols": {
        "elopement_risk": "low",
        "medications": ["melatonin"],
        "medical_conditions": ["asthma"],
    },
    "emergency_contacts": [{"name": "Ann", "phone": "+39 051 123456", "relationship": "aunt"}],
}


def keep(house: House, *secrets: str) -> None:
    """The settings of a replica that was started with these secret keys."""
    kept = tuple(SecretStr(secret) for secret in secrets)
    house.runtime.settings = house.runtime.settings.model_copy(update={"secret_keys": kept})


async def run(house: House) -> JobContext:
    context = JobContext(house.runtime, uuid4(), NoParams())
    await reseal(context)
    return context


async def test_a_secret_key_is_withdrawn_without_losing_what_it_sealed(house: House) -> None:
    await house.sql("DELETE FROM children.child_safety")
    await house.sql("DELETE FROM children.child_emergency_contacts")
    answer = await house.ask("G1", "POST", "", json=CHILD)
    assert answer.status_code == 201, answer.text
    at = f"/{answer.json()['id']}"
    before = (await house.ask("G1", "GET", at)).json()
    keep(house, NEW, SECRET)
    context = await run(house)
    assert (context.counts["rows_updated"], context.counts["rows_left"], context.partial) == (2, 0, False)
    assert (await run(house)).counts["rows_updated"] == 0
    sealed = await house.sql(
        "SELECT phone FROM children.child_emergency_contacts UNION ALL SELECT medications FROM children.child_safety"
        " UNION ALL SELECT medical_conditions FROM children.child_safety"
    )
    assert {bytes(row[0])[:4] for row in sealed} == {Sealer([NEW]).name}
    keep(house, NEW)
    after = (await house.ask("G1", "GET", at)).json()
    assert after == before
    assert after["emergency_contacts"][0]["phone"] == "+39 051 123456"


async def test_what_no_key_opens_is_told_and_left_as_it_is(house: House) -> None:
    await house.sql("DELETE FROM children.child_safety")
    await house.sql("DELETE FROM children.child_emergency_contacts")
    assert (await house.ask("G1", "POST", "", json=CHILD)).status_code == 201
    await house.sql("UPDATE children.child_safety SET medications = '\\x0102030405060708'")
    keep(house, NEW, SECRET)
    context = await run(house)
    assert (context.counts["rows_updated"], context.counts["rows_left"], context.partial) == (1, 1, True)
    [(kept,)] = await house.sql("SELECT medications FROM children.child_safety")
    assert bytes(kept) == bytes(range(1, 9))
