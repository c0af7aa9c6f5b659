"""Replacing a secret key: contacts that the old one sealed open when it is withdrawn."""

from uuid import uuid4

from pydantic import SecretStr

from service.core.sealing import Sealer
from service.core.tasks import JobContext
from service.core.tasks.job import NoParams
from service.crew.decisions.resealing import reseal
from service.crew.queries.reach import Reach, put_contacts, select_contacts
from tests.crew.house import SECRET, House
from tests.crew.scenario import settle_s1

NEW = "a-new-secret-of-thirty-two-characters"


async def test_contacts_outlive_the_key_they_were_sealed_with(house: House) -> None:
    await settle_s1(house.runtime)
    kept = [Reach(1, "+44 20 7946 0000", "jo@example.org", "WC"), Reach(2, None, "ke@example.org", None)]
    async with house.runtime.database.write() as conn:
        await put_contacts(conn, Sealer([SECRET]), kept)
    both = (SecretStr(NEW), SecretStr(SECRET))
    house.runtime.settings = house.runtime.settings.model_copy(update={"secret_keys": both})
    context = JobContext(house.runtime, uuid4(), NoParams())
    await reseal(context)
    assert (context.counts["rows_updated"], context.counts["rows_left"], context.partial) == (2, 0, False)
    async with house.runtime.database.read() as conn:
        assert list((await select_contacts(conn, Sealer([NEW]), [1, 2])).values()) == kept
