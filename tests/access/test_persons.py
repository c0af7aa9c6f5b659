"""What people say about themselves, what professionals practise, and how an account is erased."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.access.people import PASSWORD, Town

PRACTICE: dict[str, Any] = {
    "license_type": "bcba",
    "license_number": "1-20-12345",
    "license_state": "CA",
    "primary_specialty": "Behaviour  analysis",
    "certifications": ["A", "A", "B"],
    "available_hours": {"monday": {"from": "09:00", "to": "13:00"}},
    "experience_years": 9,
    "asd_experience_years": 6,
}


async def person(town: Town, role: str = "parent") -> tuple[int, str]:
    """Somebody's number and access token."""
    number, _ = await town.person(role=role)
    return number, (await town.tokens(number))["access_token"]


async def test_a_person_changes_what_they_said_at_the_version_they_read(town: Town) -> None:
    number, token = await person(town)
    read = await town.ask("GET", "/me", as_=token)
    assert read.headers["etag"] == f'"{read.json()["profile"]["version"]}"'
    change = {"first_name": "Zoë", "timezone": "Europe/Rome", "language": "es", "phone": "+39 02 1234567"}
    missing = await town.ask("PATCH", "/me", as_=token, json=change)
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition_required")
    tag = {"If-Match": read.headers["etag"]}
    changed = await town.ask("PATCH", "/me", as_=token, json=change, headers=tag)
    assert changed.status_code == 200, changed.text
    assert {name: changed.json()[name] for name in change} == change
    stale = await town.ask("PATCH", "/me", as_=token, json={"language": "en"}, headers=tag)
    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
    me = await town.ask("GET", "/me", as_=token)
    assert me.json()["name"] == "Zoë Tester"
    assert me.headers["etag"] == changed.headers["etag"]
    same = await town.ask("PATCH", "/me", as_=token, json=change, headers={"If-Match": me.headers["etag"]})
    assert same.headers["etag"] == me.headers["etag"]  # nothing changed
    gone = await town.ask("PATCH", "/me", as_=token, json={"phone": None}, headers={"If-Match": "*"})
    assert gone.json()["phone"] is None
    [fields] = await town.sql(
        "SELECT changed_fields FROM muster.audit WHERE what = 'person.updated' AND subject = :s ORDER BY id LIMIT 1",
        s=f"person:{number}",
    )
    assert fields[0] == sorted(change)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"timezone": "Mars/X"}, "unknown_timezone"),
        ({"first_name": None}, "null"),
        ({"first_name": "<b>"}, "name"),
        ({"email": "other@example.org"}, "unknown_parameter"),
        ({"role": "admin"}, "unknown_parameter"),
        ({"phone": "0" * 21}, "string_too_long"),
    ],
)
async def test_a_bad_value_is_never_kept(town: Town, change: dict[str, Any], code: str) -> None:
    _, token = await person(town)
    answer = await town.ask("PATCH", "/me", as_=token, json=change, headers={"If-Match": "*"})
    assert answer.status_code == 422
    assert code in {error["code"] for error in answer.json()["errors"]}
    assert (await town.ask("GET", "/me", as_=token)).status_code == 200


async def test_a_professional_writes_licence_and_practice_as_a_whole(town: Town) -> None:
    number, token = await person(town, "professional")
    empty = await town.ask("GET", "/professional-profile", as_=token)
    assert (empty.headers["etag"], empty.json()["is_verified"]) == ('"0"', False)
    first = await town.ask(
        "PUT", "/professional-profile", as_=token, json=PRACTICE, headers={"If-Match": '"0"'}
    )
    assert first.status_code == 200, first.text
    kept = first.json()
    assert (kept["license_type"], kept["primary_specialty"], kept["certifications"]) == (
        "BCBA",
        "Behaviour analysis",
        ["A", "B"],
    )
    assert kept["available_hours"] == PRACTICE["available_hours"]
    assert (await town.ask("GET", "/professional-profile", as_=token)).json() == kept
    again = await town.ask(
        "PUT", "/professional-profile", as_=token, json=PRACTICE, headers={"If-Match": '"0"'}
    )
    assert again.status_code == 412
    await town.sql(
        "UPDATE muster.professional_profiles SET is_verified = true, verified_at = now(), verified_by = 'x' WHERE user_id = :id",
        id=number,
    )
    tag = {"If-Match": first.headers["etag"]}
    moved = await town.ask(
        "PUT", "/professional-profile", as_=token, json=PRACTICE | {"location": "Oakland"}, headers=tag
    )
    assert (moved.json()["is_verified"], moved.json()["location"]) == (True, "Oakland")
    tag = {"If-Match": moved.headers["etag"]}
    other = PRACTICE | {"license_number": "9-99-99999"}
    changed = await town.ask("PUT", "/professional-profile", as_=token, json=other, headers=tag)
    assert changed.json()["is_verified"] is False  # another licence is another thing to verify
    refused = await town.ask(
        "PUT", "/professional-profile", as_=token, json=other | {"is_verified": True}, headers=tag
    )
    assert refused.status_code == 422


async def test_a_licence_from_anywhere(town: Town) -> None:
    """The children spec knows the states of the USA only (A3.10); other places are told by ISO 3166-2."""
    _, token = await person(town, "professional")
    kept = await town.ask(
        "PUT",
        "/professional-profile",
        as_=token,
        json=PRACTICE | {"license_state": "IT-25"},
        headers={"If-Match": "*"},
    )
    assert (kept.status_code, kept.json().get("license_state")) == (200, "IT-25"), kept.text


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"license_state": None}, "incomplete_license"),
        ({"license_state": "XX"}, "unknown_state"),
        ({"license_state": "Lombardia"}, "unknown_state"),
        ({"license_number": "no!"}, "string_pattern_mismatch"),
        ({"license_expiry": (datetime.now(UTC) - timedelta(days=2)).date().isoformat()}, "out_of_range"),
        ({"license_expiry": (datetime.now(UTC) + timedelta(days=3652)).date().isoformat()}, "out_of_range"),
        ({"asd_experience_years": 10}, "asd_within_experience"),
        ({"experience_years": 51}, "less_than_equal"),
        ({"clinic_phone": "02 1234567"}, "requires_clinic_name"),
        ({"subspecialties": ["x"] * 11}, "too_long"),
        ({"certifications": ["x" * 101]}, "string_too_long"),
        ({"certifications": [" "]}, "blank"),
        ({"preferred_age_groups": ["old"]}, "literal_error"),
        ({"available_hours": {"monday": {"from": "13:00", "to": "09:00"}}}, "invalid_range"),
        ({"bio": "x" * 2001}, "string_too_long"),
    ],
)
async def test_limits_of_a_practice(town: Town, change: dict[str, Any], code: str) -> None:
    _, token = await person(town, "professional")
    answer = await town.ask(
        "PUT", "/professional-profile", as_=token, json=PRACTICE | change, headers={"If-Match": "*"}
    )
    assert answer.status_code == 422, answer.text
    assert code in {error["code"] for error in answer.json()["errors"]}


async def test_what_others_wrote_into_a_practice_can_be_read_and_mended(town: Town) -> None:
    number, token = await person(town, "professional")
    await town.sql(
        "INSERT INTO muster.professional_profiles (user_id, license_number) VALUES (:id, 'L 1')", id=number
    )
    read = await town.ask("GET", "/professional-profile", as_=token)
    assert (read.status_code, read.json()["license_number"]) == (200, "L 1")
    mended = await town.ask(
        "PUT", "/professional-profile", as_=token, json=PRACTICE, headers={"If-Match": read.headers["etag"]}
    )
    assert mended.status_code == 200


async def test_only_professionals_have_a_practice(town: Town) -> None:
    _, token = await person(town)
    answer = await town.ask("GET", "/professional-profile", as_=token)
    assert (answer.status_code, answer.json()["code"]) == (403, "professional_required")


async def test_an_erased_person_leaves_a_number(town: Town) -> None:
    number, token = await person(town, "professional")
    await town.ask("PUT", "/professional-profile", as_=token, json=PRACTICE, headers={"If-Match": "*"})
    wrong = await town.ask("DELETE", "/me", as_=token, json={"password": "not the password"})
    assert wrong.status_code == 422
    refresh = (await town.tokens(number))["refresh_token"]
    assert (await town.ask("DELETE", "/me", as_=token, json={"password": PASSWORD})).status_code == 204
    assert not await town.is_in(token)
    assert (await town.ask("POST", "/refresh", json={"refresh_token": refresh})).status_code == 401
    kept = await town.sql(
        "SELECT email, first_name, last_name, phone, hashed_password, status, is_active FROM muster.auth_users WHERE id = :id",
        id=number,
    )
    assert kept == [(f"deleted-{number}@invalid", "", "", None, None, "deleted", False)]
    assert await town.sql("SELECT 1 FROM muster.professional_profiles WHERE user_id = :id", id=number) == []
    assert "person.erased" in [what for what, _ in await town.audited(number)]


async def test_a_browser_shows_the_same_and_keys_are_no_persons(town: Town) -> None:
    made = await town.house.key("admin")
    answer = await town.ask("PATCH", "/me", as_=made.token, json={}, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["code"]) == (403, "person_required")
    assert (await town.ask("GET", "/me", as_=made.token)).json()["profile"] is None


async def test_the_last_admin_is_not_erased(town: Town) -> None:
    await town.sql("UPDATE muster.auth_users SET role = 'staff' WHERE role = 'admin'")
    first, token = await person(town, "admin")
    refused = await town.ask("DELETE", "/me", as_=token, json={"password": PASSWORD})
    assert (refused.status_code, refused.json()["code"]) == (409, "last_admin")
    await person(town, "admin")
    assert (await town.ask("DELETE", "/me", as_=token, json={"password": PASSWORD})).status_code == 204
    assert await town.sql("SELECT status FROM muster.auth_users WHERE id = :id", id=first) == [("deleted",)]


async def test_an_admin_verifies_the_licence_that_was_seen(town: Town) -> None:
    number, token = await person(town, "professional")
    _, admin = await person(town, "admin")
    at = f"/people/{number}"
    assert (await town.ask("GET", at, as_=admin)).json()["licence"] is None
    await town.ask("PUT", "/professional-profile", as_=token, json=PRACTICE, headers={"If-Match": "*"})
    seen = await town.ask("GET", at, as_=admin)
    assert seen.json()["licence"] == {"type": "BCBA", "number": "1-20-12345", "state": "CA", "ends_on": None}
    other = {**PRACTICE, "license_number": "7-77-77777"}
    await town.ask("PUT", "/professional-profile", as_=token, json=other, headers={"If-Match": "*"})
    match = {"If-Match": seen.headers["etag"]}
    stale = await town.ask("POST", f"{at}/verify-licence", as_=admin, headers=match)
    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
    now = await town.ask("GET", at, as_=admin)
    match = {"If-Match": now.headers["etag"]}
    verified = await town.ask("POST", f"{at}/verify-licence", as_=admin, headers=match)
    assert (verified.json()["licence"]["number"], verified.json()["licence_verified"]) == ("7-77-77777", True)
