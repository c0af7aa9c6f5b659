"""Contacts are apart, sealed, for admins of the desk, and each reading is on record (spec D.10)."""

from service.schemas.crew.contacts import ContactDetails
from tests.crew.house import House
from tests.crew.scenario import settle_s1

PATH = "/v1/crew/1/contact"
ASK = {"phone": "01632 960100", "email": "jo@example.org", "position": "Watch commander"}


async def test_a_contact_lies_sealed_and_each_reading_is_on_record(house: House) -> None:
    await settle_s1(house.runtime)
    put = await house.ask("PUT", PATH, json=ASK)
    assert put.status_code == 200, put.text
    ContactDetails.model_validate(put.json())
    [row] = await house.sql("SELECT * FROM crew.crew_contact")
    assert not [part for part in ASK.values() if part.encode() in row.phone_sealed + row.email_sealed]
    read = await house.ask("GET", PATH)
    assert {name: read.json()[name] for name in ASK} == ASK
    assert read.headers["cache-control"] == "no-store"
    audit = await house.sql(
        "SELECT what, subject, before, after, changed_fields FROM muster.audit WHERE what LIKE 'crew.%' ORDER BY id"
    )
    assert [(one.what, one.subject) for one in audit] == [
        ("crew.contact_put", "crew:1"),
        ("crew.contact_read", "crew:1"),
    ]
    assert "jo@" not in repr(audit)
    everything = (await house.ask("GET", "/v1/crew")).text + (await house.ask("GET", "/v1/crew/1")).text
    assert "960100" not in everything


async def test_a_change_names_the_version_that_it_changes(house: House) -> None:
    await settle_s1(house.runtime)
    first = await house.ask("PUT", PATH, json=ASK)
    blind = await house.ask("PUT", PATH, json={})
    assert (blind.status_code, blind.json()["code"]) == (428, "precondition_required")
    changed = await house.ask("PUT", PATH, json={}, headers={"If-Match": first.headers["etag"]})
    assert (changed.status_code, changed.json()["phone"]) == (200, None)
    late = await house.ask("PUT", PATH, json=ASK, headers={"If-Match": first.headers["etag"]})
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    assert (await house.ask("DELETE", PATH)).status_code == 200
    gone = await house.ask("GET", PATH)
    assert (gone.status_code, gone.json()["code"]) == (404, "contact_not_found")


async def test_contacts_of_another_station_are_not_there(house: House) -> None:
    await settle_s1(house.runtime)
    foreign = await house.token("crew:admin", sites=["P33"])
    for method, more in (("GET", {}), ("PUT", {"json": ASK}), ("DELETE", {})):
        answer = await house.ask(method, PATH, token=foreign, **more)
        assert (answer.status_code, answer.json()["code"]) == (404, "crew_not_found")
    for wrong in ({"phone": "call me"}, {"email": "nobody"}, {"fax": "1"}):
        assert (await house.ask("PUT", PATH, json=wrong)).status_code == 422
