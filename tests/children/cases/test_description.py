"""What may be said of a child: cases T40 to T53 and T56 of spec F5, when it is added and when it changes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.children.describing import CONSENT, add, added, change, refused
from tests.children.house import House

TODAY = datetime.now(UTC).date()
CONTACT = {"name": "Ana", "phone": "+39 02 123456", "relationship": "aunt"}
HIGH = {"elopement_risk": "high"}


async def test_t040_a_support_level_needs_a_diagnosis_also_after_a_change(shared: House) -> None:
    assert refused(await add(shared, support_level=2)) == {("/support_level", "requires_diagnosis")}
    child = await added(shared, support_level=2, diagnosis="ASD")
    answer = await change(shared, child, {"diagnosis": None})
    assert refused(answer) == {("/support_level", "requires_diagnosis")}
    assert refused(await change(shared, child, {"diagnosis": "  "})) == {("/diagnosis", "blank")}
    answer = await change(shared, child, {"diagnosis": None, "support_level": None})
    assert answer.status_code == 200
    assert answer.json()["diagnosis"] is None


@pytest.mark.parametrize(("level", "code"), [(4, "out_of_range"), (0, "out_of_range"), ("2x", "int_parsing")])
async def test_t041_support_levels_are_one_to_three(shared: House, level: Any, code: str) -> None:
    answer = await add(shared, diagnosis="ASD", support_level=level)
    assert refused(answer) == {("/support_level", code)}


async def test_t042_dates_of_birth_lie_in_the_last_25_years(shared: House) -> None:
    # Two days, since somewhere it is tomorrow already.
    for born, code in (
        (TODAY + timedelta(days=2), "date_in_future"),
        ("1990-01-01", "age_out_of_range"),
    ):
        assert refused(await add(shared, date_of_birth=str(born))) == {("/date_of_birth", code)}
    assert refused(await add(shared, date_of_birth=None, age=26)) == {("/age", "age_out_of_range")}
    years = TODAY.year - 2018 + 5
    assert refused(await add(shared, age=years)) == {("/age", "age_mismatch")}


async def test_t043_an_age_stands_in_for_the_date_of_birth(shared: House) -> None:
    assert refused(await add(shared, date_of_birth=None)) == {("/date_of_birth", "required")}
    child = await added(shared, date_of_birth=None, age=7)
    one = (await shared.ask("G1", "GET", f"/{child}")).json()
    assert (one["age"], one["date_of_birth"]) == (7, None)
    known = await change(shared, child, {"date_of_birth": "2018-05-04"})
    assert known.json()["date_of_birth"] == "2018-05-04"
    assert refused(await change(shared, child, {"date_of_birth": None})) == {("/date_of_birth", "required")}


async def test_t044_a_diagnosis_lies_between_birth_and_today(shared: House) -> None:
    early = await add(shared, date_of_birth="2016-03-15", diagnosis="ASD", diagnosis_date="2015-01-01")
    assert refused(early) == {("/diagnosis_date", "diagnosis_before_birth")}
    await added(shared, date_of_birth="2021-03-01", diagnosis="ASD", diagnosis_date="2021-12-01")
    late = await add(shared, diagnosis="ASD", diagnosis_date=str(TODAY + timedelta(days=2)))
    assert refused(late) == {("/diagnosis_date", "date_in_future")}
    alone = await add(shared, diagnosis_date="2020-01-01")
    assert refused(alone) == {("/diagnosis_date", "requires_diagnosis")}


async def test_t045_a_high_risk_needs_procedures_calming_and_contacts(shared: House) -> None:
    three = {
        ("/safety_protocols/emergency_procedures", "high_risk_requires_procedures"),
        ("/safety_protocols/calming_strategies", "high_risk_requires_calming"),
        ("/emergency_contacts", "high_risk_requires_contacts"),
    }
    assert refused(await add(shared, safety_protocols=HIGH)) == three
    safe = HIGH | {"emergency_procedures": ["call"], "calming_strategies": ["music"]}
    child = await added(shared, safety_protocols=safe, emergency_contacts=[CONTACT])
    gone = await change(shared, child, {"emergency_contacts": []})
    assert refused(gone) == {("/emergency_contacts", "high_risk_requires_contacts")}
    lower = await change(
        shared, child, {"safety_protocols": {"elopement_risk": "low"}, "emergency_contacts": None}
    )
    assert lower.json()["safety_protocols"]["calming_strategies"] == ["music"]
    assert lower.json()["emergency_contacts"] == []


async def test_t046_therapies_are_at_most_ten_at_a_time_each_once(shared: House) -> None:
    eleven = [{"type": f"Kind {number}"} for number in range(11)]
    assert refused(await add(shared, therapies=eleven)) == {("/therapies", "too_many_items")}
    twice = await add(shared, therapies=[{"type": "ABA"}, {"type": "aba"}])
    assert refused(twice) == {("/therapies/1/type", "duplicate_therapy_type")}
    ended = {"type": "aba", "start_date": "2024-01-01", "end_date": "2024-06-30"}
    child = await added(shared, therapies=[ended, {"type": "aba"}, *eleven[:9]])
    shown = (await shared.ask("G1", "GET", f"/{child}")).json()["therapies"]
    assert [one["type"] for one in shown[:2]] == ["ABA", "ABA"]
    assert refused(await change(shared, child, {"therapies": eleven})) == {("/therapies", "too_many_items")}


@pytest.mark.parametrize(
    ("profile", "finding"),
    [
        ({}, ("/sensory_profile", "at_least_one_domain")),
        ({"taste": {"sensitivity": "low"}}, ("/sensory_profile/taste", "unknown_domain")),
        ({"visual": {"sensitivity": "extreme"}}, ("/sensory_profile/visual/sensitivity", "enum")),
    ],
)
async def test_t047_sensory_profiles_have_known_domains(
    shared: House, profile: dict[str, Any], finding: tuple[str, str]
) -> None:
    assert finding in refused(await add(shared, sensory_profile=profile))


async def test_t047_sensitivity_is_read_in_any_case(shared: House) -> None:
    entries = ["Loud noise", " loud NOISE ", "Crowds"]
    child = await added(shared, sensory_profile={"auditory": {"sensitivity": "HIGH", "triggers": entries}})
    shown = (await shared.ask("G1", "GET", f"/{child}")).json()["sensory_profile"]
    assert shown["auditory"]["sensitivity"] == "high"
    assert shown["auditory"]["triggers"] == ["loud noise", "crowds"]
    last = await change(shared, child, {"sensory_profile": {"auditory": None}})
    assert refused(last) == {("/sensory_profile", "at_least_one_domain")}
    none = await change(shared, child, {"sensory_profile": None})
    assert none.json()["sensory_profile"] == {}


@pytest.mark.parametrize(
    ("triggers", "finding"),
    [
        ([f"kind {number}" for number in range(21)], ("", "too_many_items")),
        (["x" * 101], ("/0", "too_long")),
        (["fine", "  "], ("/1", "blank")),
    ],
)
async def test_t048_lists_have_their_limits(
    shared: House, triggers: list[str], finding: tuple[str, str]
) -> None:
    profile = {"tactile": {"sensitivity": "low", "triggers": triggers}}
    below, code = finding
    at = f"/sensory_profile/tactile/triggers{below}"
    assert refused(await add(shared, sensory_profile=profile)) == {(at, code)}


async def test_t049_names_are_kept_as_they_are_written(shared: House) -> None:
    for name in ("José-María O'Neil", "李明", "McDonald", "de la Cruz"):
        answer = await add(shared, name=name)
        assert answer.json()["name"] == name
    assert (await add(shared, name="  Zoe\u0308   Ann ")).json()["name"] == "Zoë Ann"
    for name, code in (
        ("", "blank"),
        ("x" * 101, "too_long"),
        ("<b>", "name_characters"),
        ("-", "name_characters"),
    ):
        assert refused(await add(shared, name=name)) == {("/name", code)}


async def test_t050_unknown_fields_are_refused(shared: House) -> None:
    """Under the code that this house has for them everywhere."""
    assert refused(await add(shared, foo=1)) == {("/foo", "unknown_parameter")}
    assert refused(await change(shared, 1, {"foo": 1})) == {("/foo", "unknown_parameter")}


async def test_t051_phone_numbers_as_people_write_them(shared: House) -> None:
    for phone in ("(555) 123-4567", "02 1234567", "+39 02 123.456"):
        child = await added(shared, emergency_contacts=[CONTACT | {"phone": phone}])
        shown = (await shared.ask("G1", "GET", f"/{child}")).json()["emergency_contacts"]
        assert shown[0]["phone"] == phone
    for phone in ("12", "abc", "1" * 16):
        answer = await add(shared, emergency_contacts=[CONTACT | {"phone": phone}])
        assert refused(answer) == {("/emergency_contacts/0/phone", "phone")}


async def test_t052_a_baby_is_of_age_zero(shared: House) -> None:
    child = await added(shared, date_of_birth=str(TODAY - timedelta(days=20)), timezone="UTC")
    one = (await shared.ask("G1", "GET", f"/{child}")).json()
    assert (one["age"], one["age_category"]) == (0, "early_intervention")
    by_age = await added(shared, date_of_birth=None, age=0)
    for baby in (child, by_age):
        completion = (await shared.ask("G1", "GET", f"/{baby}/profile-completion")).json()
        assert completion["sections"][0] == {"section": "basic", "done": True}
        assert (completion["percent"], completion["standing"]) == (10, "needs_attention")


async def test_t053_zones_are_iana_zones(shared: House) -> None:
    child = await added(shared, timezone="Europe/Rome")
    assert (await shared.ask("G1", "GET", f"/{child}")).json()["timezone"] == "Europe/Rome"
    assert refused(await add(shared, timezone="Mars/X")) == {("/timezone", "unknown_timezone")}


async def test_t056_nothing_is_kept_without_consent_to_processing(shared: House) -> None:
    needed = {("/consents", "consent_required")}
    assert refused(await add(shared, consents=None)) == needed
    assert refused(await add(shared, consents=[{"purpose": "analytics"}])) == needed
    old = [{"purpose": "processing", "policy_version": "2019-01"}]
    assert refused(await add(shared, consents=old)) == {("/consents/0/policy_version", "policy_outdated")}
    child = await added(shared, consents=[*CONSENT, {"purpose": "research"}])
    kept = await shared.sql(
        "SELECT purpose, policy_version, granted_by FROM children.consents WHERE child_id = :child ORDER BY id",
        child=child,
    )
    assert [tuple(row) for row in kept] == [("processing", "2026-01", 1), ("research", "2026-01", 1)]


async def test_addresses_of_pictures_are_addresses(shared: House) -> None:
    """Pictures are not kept here, their addresses are."""
    child = await added(shared, avatar_url="https://pictures.example.org/mia.png")
    assert (await shared.ask("G1", "GET", f"/{child}")).json()["avatar_url"].endswith("/mia.png")
    for url in ("ftp://example.org/x", "http://nowhere", "javascript:alert(1)", "https://u:p@example.org/"):
        assert refused(await add(shared, avatar_url=url)) == {("/avatar_url", "url")}


async def test_what_time_alone_made_wrong_hinders_no_other_change(shared: House) -> None:
    """Who has turned 26 can still be given another name; nobody can be made so old."""
    child = await added(shared, therapies=[{"type": "speech", "start_date": str(TODAY)}])
    await shared.sql(
        "UPDATE children.children SET date_of_birth = '1999-01-01' WHERE id = :child", child=child
    )
    await shared.sql(
        "UPDATE children.child_therapies SET start_date = '2010-01-01' WHERE child_id = :child", child=child
    )
    assert (await change(shared, child, {"name": "Ida"})).status_code == 200
    older = await change(shared, child, {"date_of_birth": "1998-01-01"})
    assert refused(older) == {("/date_of_birth", "age_out_of_range")}
