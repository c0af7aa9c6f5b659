"""People as admins deal with them: invited, stopped, given roles, licences verified; professionals found."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.access.access_tokens import Claims, mint
from service.access.keys import create_key
from tests.attendance.make import firm
from tests.children.house import SECRET, House

PEOPLE = "/v1/access/people"
CLERK = {"email": "Clerk@Example.org", "first_name": "Ana", "last_name": "López", "role": "staff"}


async def invited(admin: httpx.AsyncClient, **change: Any) -> Any:
    answer = await admin.post(PEOPLE, json={**CLERK, **change})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_somebody_is_invited_and_opens_the_account(family: House, tmp_path: Path) -> None:
    family.runtime.settings = family.runtime.settings.model_copy(update={"home": tmp_path})
    async with family.http("AD") as admin:
        person = await invited(admin)
        assert (person["status"], person["email"], person["desks"]) == ("pending", "clerk@example.org", [])
        again = await admin.post(PEOPLE, json=CLERK)
        assert (again.status_code, again.json()["code"]) == (409, "email_taken")
        assert (await admin.post(PEOPLE, json={**CLERK, "role": "parent"})).status_code == 422
    (letter,) = (tmp_path / "outbox").glob("*.eml")
    found = re.search(r"token=3D([A-Za-z0-9_=\n-]{43,50})|token=([A-Za-z0-9_-]{43})", letter.read_text())
    assert found is not None
    assert person["id"] == (await family.sql("SELECT user_id FROM muster.one_time_tokens"))[0][0]
    rows = await family.sql("SELECT who, what, after FROM muster.audit WHERE what = 'admin.user_invite'")
    assert rows == [("person:21", "admin.user_invite", {"role": "staff"})]


async def test_people_are_listed_by_name_role_and_status(family: House) -> None:
    async with family.http("AD") as admin:

        async def names(**params: Any) -> list[str]:
            found: list[str] = []
            cursor: dict[str, Any] = {}
            while True:
                body = (await admin.get(PEOPLE, params={"limit": 4, **params, **cursor})).json()
                found += [person["first_name"] for person in body["items"]]
                if not body["page"]["has_more"]:
                    return found
                cursor = {"cursor": body["page"]["next"]}

        assert len(await names()) == 11
        assert await names(role="parent") == ["G1", "G2", "G3"]
        assert await names(q="g1 tes") == ["G1"]
        assert await names(q="%%") == []
        assert await names(status="suspended") == []
        one = await admin.get(f"{PEOPLE}/17")
        assert (one.json()["licence_verified"], one.headers["etag"]) == (False, '"1"')
        assert (await admin.get(f"{PEOPLE}/9223372036854775807")).status_code == 404
        assert (await admin.get(f"{PEOPLE}/nobody")).status_code == 404
        assert (await admin.get(PEOPLE, params={"q": "x"})).status_code == 422
    for who in ("G1", "E1", "K1"):
        async with family.http(who) as http:
            assert (await http.get(PEOPLE)).status_code == 403


async def test_who_is_stopped_is_stopped_at_once_and_may_be_let_in_again(family: House) -> None:
    async with family.http("AD") as admin, family.http("G1") as parent, family.http("K1") as device:
        assert (await parent.get("/v1/access/keys")).status_code == 200
        unnamed = await admin.patch(f"{PEOPLE}/1", json={"status": "suspended"})
        assert unnamed.status_code == 428
        stale = await admin.patch(f"{PEOPLE}/1", json={"status": "suspended"}, headers={"If-Match": '"7"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
        stopped = await admin.patch(
            f"{PEOPLE}/1", json={"status": "suspended", "reason": "asked to"}, headers={"If-Match": '"1"'}
        )
        assert (stopped.status_code, stopped.json()["status"], stopped.headers["etag"]) == (
            200, "suspended", '"2"'
        )  # fmt: skip
        assert (await parent.get("/v1/access/keys")).status_code in (401, 403)
        assert (await device.get("/v1/access/me")).status_code == 401
        opened = await admin.patch(f"{PEOPLE}/1", json={"status": "active"}, headers={"If-Match": '"2"'})
        assert opened.json()["status"] == "active"
        assert (await parent.get("/v1/access/keys")).status_code == 401  # the token of before stays ended
        assert (await device.get("/v1/access/me")).status_code == 200
    rows = await family.sql(
        'SELECT "before", "after", purpose FROM muster.audit WHERE what = \'admin.user_update\' ORDER BY id'
    )
    assert rows == [
        ({"status": "active"}, {"status": "suspended"}, "asked to"),
        ({"status": "suspended"}, {"status": "active"}, None),
    ]


async def test_nobody_stops_themselves_and_a_pending_account_opens_by_mail_only(family: House) -> None:
    async with family.http("AD") as admin:
        own = await admin.patch(f"{PEOPLE}/21", json={"status": "inactive"}, headers={"If-Match": "*"})
        assert (own.status_code, own.json()["code"]) == (409, "own_account")
        person = await invited(admin, role="admin")
        pending = await admin.patch(
            f"{PEOPLE}/{person['id']}", json={"status": "active"}, headers={"If-Match": "*"}
        )
        assert (pending.status_code, pending.json()["code"]) == (409, "invalid_transition")


async def test_an_invitation_that_went_to_a_wrong_address_is_stopped(family: House, tmp_path: Path) -> None:
    family.runtime.settings = family.runtime.settings.model_copy(update={"home": tmp_path})
    async with family.http("AD") as admin, family.http(token="") as stranger:
        person = await invited(admin, role="admin")
        (letter,) = (tmp_path / "outbox").glob("*.eml")
        found = re.search(r"token=([A-Za-z0-9_-]{43})", letter.read_text())
        assert found is not None
        accept = {"token": found[1], "password": "a guest of this house"}
        at = f"{PEOPLE}/{person['id']}"
        stopped = await admin.patch(at, json={"status": "inactive"}, headers={"If-Match": "*"})
        assert (stopped.status_code, stopped.json()["status"]) == (200, "inactive")
        refused = await stranger.post("/v1/access/invitations/accept", json=accept)
        assert (refused.status_code, refused.json()["code"]) == (400, "token_invalid")
        again = await admin.patch(at, json={"status": "active"}, headers={"If-Match": "*"})
        assert again.json()["status"] == "pending"  # nobody has shown yet that the address is theirs
        assert (await stranger.post("/v1/access/invitations/accept", json=accept)).status_code == 204
        assert (await admin.get(at)).json()["status"] == "active"


async def test_the_last_admin_stays(family: House) -> None:
    operator = await create_key(family.runtime.database, "operator", ["admin"])
    async with family.http(token=operator.token) as http:
        last = await http.patch(f"{PEOPLE}/21", json={"status": "inactive"}, headers={"If-Match": "*"})
    assert (last.status_code, last.json()["code"]) == (409, "last_admin")


async def test_roles_at_desks_hold_at_once(family: House) -> None:
    async with family.runtime.database.write() as conn:
        await firm(conn)
    async with family.http("AD") as admin:
        clerk = await invited(admin)
        await family.sql("UPDATE muster.auth_users SET status = 'active' WHERE id = :id", id=clerk["id"])
        at = f"{PEOPLE}/{clerk['id']}/roles"
        given = await admin.put(f"{at}/attendance", json={"role": "manager", "places": ["Villas"]})
        assert given.json()["desks"] == [{"desk": "attendance", "role": "manager", "places": ["Villas"]}]
        for body, code in (
            ({"role": "manager", "places": ["Vilas"]}, "unknown_site"),
            ({"role": "manager"}, "places_required"),
            ({"role": "admin", "places": ["Villas"]}, "admin_limited"),
            ({"role": "owner"}, "literal_error"),
        ):
            refused = await admin.put(f"{at}/attendance", json=body)
            assert refused.status_code == 422
            assert [error["code"] for error in refused.json()["errors"]] == [code]
        near = (await admin.put(f"{at}/attendance", json={"role": "viewer", "places": ["Vilas"]})).json()
        assert near["errors"][0]["pointer"] == "/body/places"
        assert "did you mean Villas?" in near["errors"][0]["detail"]
        for desk in ("children", "access", "attendence"):
            assert (await admin.put(f"{at}/{desk}", json={"role": "viewer"})).status_code == 404
        parent = await admin.put(f"{PEOPLE}/1/roles/attendance", json={"role": "viewer"})
        assert (parent.status_code, parent.json()["code"]) == (409, "not_staff")
        token = mint([SECRET], Claims(person=clerk["id"], version=0), timedelta(minutes=5))
        async with family.http(token=token) as http:
            me = (await http.get("/v1/access/me")).json()
            assert (me["scopes"], me["sites"]) == (["attendance:write"], ["Villas"])
            assert (await http.get("/v1/attendance/sites")).status_code == 200
            for _ in range(2):
                taken = await admin.delete(f"{at}/attendance")
                assert (taken.status_code, taken.json()["desks"]) == (200, [])
            assert (await http.get("/v1/attendance/sites")).status_code == 403


async def test_a_licence_is_verified_and_that_taken_back(family: House) -> None:
    async with family.http("AD") as admin, family.http("G1") as parent:

        async def found() -> list[int]:
            answer = await parent.get("/v1/access/professionals", params={"q": "u1"})
            return [one["id"] for one in answer.json()["items"]]

        assert await found() == []
        verified = await admin.post(f"{PEOPLE}/17/verify-licence")
        assert verified.json()["licence_verified"] is True
        assert (await admin.post(f"{PEOPLE}/17/verify-licence")).json() == verified.json()
        assert await found() == [17]
        taken = await admin.post(f"{PEOPLE}/17/unverify-licence", json={"reason": "struck off"})
        assert taken.json()["licence_verified"] is False
        assert await found() == []
        await family.sql(
            "UPDATE muster.professional_profiles SET license_expiry = '2020-01-01' WHERE user_id = 17"
        )
        ended = await admin.post(f"{PEOPLE}/17/verify-licence")
        assert (ended.status_code, ended.json()["code"]) == (409, "licence_ended")
        await family.sql(
            "UPDATE muster.professional_profiles SET license_number = NULL, license_expiry = NULL WHERE user_id = 17"
        )
        assert (await admin.post(f"{PEOPLE}/17/verify-licence")).json()["code"] == "no_licence"
        assert (await admin.post(f"{PEOPLE}/1/verify-licence")).status_code == 404
    rows = await family.sql("SELECT what FROM muster.audit WHERE what LIKE 'licence.%' ORDER BY id")
    assert [row.what for row in rows] == ["licence.verified", "licence.unverified"]


@pytest.mark.parametrize(
    ("params", "ids"),
    [
        ({"specialty": "speech"}, [11, 12]),
        ({"specialty": "speech", "accepts_new_patients": "true"}, [11]),
        ({"location": "bolo"}, [11]),
        ({"q": "arco"}, [12]),
        ({"q": "n1"}, [16]),
        ({"q": "_" * 2}, []),
    ],
)
async def test_parents_look_for_professionals(family: House, params: dict[str, str], ids: list[int]) -> None:
    await family.sql(
        "UPDATE muster.professional_profiles SET primary_specialty = 'Speech therapy' WHERE user_id IN (11, 12, 17)"
    )
    await family.sql("UPDATE muster.professional_profiles SET location = 'Bologna' WHERE user_id = 11")
    await family.sql(
        "UPDATE muster.professional_profiles SET clinic_name = 'Arcobaleno', accepts_new_patients = false"
        " WHERE user_id = 12"
    )
    async with family.http("G1") as parent:
        answer = await parent.get("/v1/access/professionals", params=params)
        assert [one["id"] for one in answer.json()["items"]] == ids
        assert "example.org" not in answer.text
    async with family.http("K1") as device:
        assert (await device.get("/v1/access/professionals")).status_code == 403
