"""Who stands around a child: guardians, professionals, consents; what ends, ends at once (spec D4, E9, T73)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from service.children.family.expiring import end_expired
from service.children.rules.ages import review_due
from service.core.tasks import JobContext
from service.core.tasks.job import NoParams
from tests.children.describing import added, change, refused
from tests.children.house import House, open_house

ANY = {"If-Match": "*"}
NOW = datetime.now(UTC)


async def _invited(house: House, child: int, who: int = 16, **more: Any) -> int:
    asked = {"professional_id": who, "grant_consent": True} | more
    answer = await house.ask("G1", "POST", f"/{child}/assignments", json=asked)
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


async def _decided(house: House, who: str, assignment: int, action: str) -> tuple[int, str]:
    answer = await house.ask(who, "PATCH", f"/assignments/{assignment}", json={"action": action}, headers=ANY)
    document = answer.json()
    return answer.status_code, document.get("code") or document["status"]


async def _audited(house: House, what: str, child: int) -> list[tuple[str, str]]:
    statement = "SELECT who, subject FROM muster.audit WHERE what = :what AND child_id = :child ORDER BY id"
    return [tuple(row) for row in await house.sql(statement, what=what, child=child)]


async def test_t073_a_withdrawn_consent_ends_access_at_once_on_every_replica(database_url: str) -> None:
    """Q39 for consents: the other replica needs no `Min-Data-Version` and no time at all."""
    async with open_house(database_url) as one, open_house(database_url, settled=False) as other:
        for house in (one, other):
            assert (await house.ask("V1", "GET", "/1")).status_code == 200
        [(consent, assignment)] = await one.sql(
            "SELECT c.id, a.id FROM children.consents c JOIN children.care_assignments a"
            " ON a.professional_id = c.grantee_user_id WHERE c.grantee_user_id = 11"
        )
        withdrawn = await one.ask("G1", "POST", f"/consents/{consent}/withdraw")
        paths = ("/1", "/1/profile-completion", "/1/guardians", "/1/assignments", "/1/sessions")
        for house in (other, one):
            for path in paths:
                assert (await house.ask("V1", "GET", path)).status_code == 404, path
            assert (await house.ask("V1", "GET", "")).json()["items"] == []
        assert withdrawn.json()["withdrawn_at"] is not None
        [(status, ended)] = await one.sql(
            "SELECT status, ends_at <= now() FROM children.care_assignments WHERE id = :id", id=assignment
        )
        assert (status, ended) == ("ended", True)
        assert await _audited(one, "consent.withdraw", 1) == [("person:1", f"consent:{consent}")]
        assert await _audited(one, "assignment.end", 1) == [("person:1", f"assignment:{assignment}")]
        again = await other.ask("G1", "POST", f"/consents/{consent}/withdraw")
        assert again.json()["code"] == "already_withdrawn"


async def test_an_invitation_needs_a_verified_licence_and_a_consent(shared: House) -> None:
    child = await added(shared)
    for nobody in (17, 2, 999_999):
        unknown = await shared.ask(
            "G1", "POST", f"/{child}/assignments", json={"professional_id": nobody, "grant_consent": True}
        )
        assert refused(unknown) == {("/professional_id", "not_verified")}
    alone = await shared.ask("G1", "POST", f"/{child}/assignments", json={"professional_id": 16})
    assert (alone.status_code, alone.json()["code"]) == (409, "consent_required")
    past = {"professional_id": 16, "grant_consent": True, "ends_at": "2020-01-01T00:00:00Z"}
    assert refused(await shared.ask("G1", "POST", f"/{child}/assignments", json=past)) == {
        ("/ends_at", "not_in_future")
    }
    assert await shared.sql("SELECT 1 FROM children.consents WHERE grantee_user_id = 16") == []
    await _invited(shared, child)
    twice = {"professional_id": 16, "grant_consent": True}
    answer = await shared.ask("G1", "POST", f"/{child}/assignments", json=twice)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_active")


async def test_an_invitation_is_taken_by_whom_it_is_for(shared: House) -> None:
    """Until then they see the invitation, and not the child."""
    child = await added(shared)
    assignment = await _invited(shared, child, access_level="edit", reason="School year")
    own = (await shared.ask("N1", "GET", "/assignments?status=invited")).json()["items"]
    assert next((one["id"], one["child_id"], one["reason"]) for one in own) == (
        assignment,
        child,
        "School year",
    )
    assert (await shared.ask("N1", "GET", f"/{child}")).status_code == 404
    assert await _decided(shared, "G1", assignment, "accept") == (403, "access_level")
    assert await _decided(shared, "V1", assignment, "accept") == (404, "not_found")
    missing = await shared.ask("N1", "PATCH", f"/assignments/{assignment}", json={"action": "accept"})
    assert missing.status_code == 428
    assert await _decided(shared, "N1", assignment, "accept") == (200, "active")
    assert await _decided(shared, "N1", assignment, "accept") == (409, "invalid_transition")
    assert (await shared.ask("N1", "GET", f"/{child}")).json()["access"] == "edit"
    assert (await change(shared, child, {"therapies": [{"type": "ot"}]}, "N1")).status_code == 200
    assert await _decided(shared, "N1", assignment, "end") == (200, "ended")
    assert (await shared.ask("N1", "GET", f"/{child}")).status_code == 404
    declined = await _invited(shared, child)
    assert await _decided(shared, "N1", declined, "decline") == (200, "declined")
    assert await _decided(shared, "N1", declined, "end") == (409, "invalid_transition")


async def test_each_side_ends_its_own_assignments(shared: House) -> None:
    """A professional sees no other's, and a guardian who only reads ends none."""
    other = (await shared.ask("V1", "GET", "/1/assignments")).json()["items"]
    assert {one["professional_id"] for one in other} == {11}
    [(comment,)] = await shared.sql("SELECT id FROM children.care_assignments WHERE professional_id = 12")
    assert await _decided(shared, "V1", comment, "end") == (403, "access_level")
    assert await _decided(shared, "G3", comment, "end") == (403, "access_level")
    assert await _decided(shared, "G2", comment, "end") == (404, "not_found")
    assert await _decided(shared, "G1", comment, "end") == (200, "ended")
    assert (await shared.ask("C1", "GET", "/1")).status_code == 404
    every = (await shared.ask("G1", "GET", "/1/assignments?limit=2")).json()
    assert [one["id"] for one in every["items"]] == sorted(
        (one["id"] for one in every["items"]), reverse=True
    )
    assert every["page"]["has_more"] is True


async def test_the_primary_guardian_alone_brings_others_in_and_hands_over(shared: House) -> None:
    child = await added(shared)
    body = {"email": "G3@example.org", "relation": "father", "access": "full"}
    made = await shared.ask("G1", "POST", f"/{child}/guardians", json=body)
    assert made.json()["email"] is None
    assert (await shared.ask("G1", "POST", f"/{child}/guardians", json=body)).json()[
        "code"
    ] == "already_guardian"
    for email in ("nobody@example.org", "v1@example.org"):
        unknown = await shared.ask("G1", "POST", f"/{child}/guardians", json=body | {"email": email})
        assert refused(unknown) == {("/email", "unknown_person")}
    theirs = body | {"email": "g2@example.org"}
    assert (await shared.ask("G3", "POST", f"/{child}/guardians", json=theirs)).status_code == 403
    alone = await shared.ask("G1", "DELETE", f"/{child}/guardians/1")
    assert (alone.status_code, alone.json()["code"]) == (409, "last_primary")
    assert (await shared.ask("G1", "POST", f"/{child}/guardians/2/primary")).status_code == 404
    handed = await shared.ask("G1", "POST", f"/{child}/guardians/3/primary")
    assert handed.json()["access"] == "primary"
    rows = await shared.sql(
        "SELECT g.user_id, g.access, c.parent_id FROM children.child_guardians g"
        " JOIN children.children c ON c.id = g.child_id WHERE child_id = :child ORDER BY 1",
        child=child,
    )
    assert [tuple(row) for row in rows] == [(1, "full", 3), (3, "primary", 3)]
    assert (await shared.ask("G1", "DELETE", f"/{child}/guardians/3")).status_code == 403
    assert (await shared.ask("G3", "DELETE", f"/{child}/guardians/1")).status_code == 204
    assert (await shared.ask("G1", "GET", f"/{child}")).status_code == 404


async def test_guardians_are_known_as_far_as_each_needs(shared: House) -> None:
    seen = {}
    for who in ("G1", "G3", "V1", "E1"):
        rows = (await shared.ask(who, "GET", "/1/guardians")).json()["items"]
        seen[who] = {row["user_id"]: (row["phone"] is not None, row["email"] is not None) for row in rows}
    assert seen == {
        "G1": {1: (True, True), 3: (False, False)},
        "G3": {1: (False, False), 3: (True, True)},
        "V1": {1: (False, False), 3: (False, False)},
        "E1": {1: (True, False), 3: (True, False)},
    }


async def test_consents_are_given_once_to_the_present_policy(shared: House) -> None:
    child = await added(shared)
    path = f"/{child}/consents"
    given = await shared.ask("G1", "POST", path, json={"purpose": "analytics", "policy_version": "2026-01"})
    assert (given.status_code, given.json()["outdated"]) == (201, False)
    again = await shared.ask("G1", "POST", path, json={"purpose": "analytics"})
    assert again.json()["code"] == "already_granted"
    for body, finding in (
        ({"purpose": "share_professional"}, ("/grantee_user_id", "required")),
        ({"purpose": "media", "grantee_user_id": 11}, ("/grantee_user_id", "not_applicable")),
        ({"purpose": "share_professional", "grantee_user_id": 17}, ("/grantee_user_id", "not_verified")),
        ({"purpose": "media", "policy_version": "1999"}, ("/policy_version", "policy_outdated")),
        ({"purpose": "fun"}, ("/purpose", "enum")),
    ):
        assert refused(await shared.ask("G1", "POST", path, json=body)) == {finding}
    assert (await shared.ask("G3", "POST", "/1/consents", json={"purpose": "media"})).status_code == 403
    assert (await shared.ask("V1", "GET", "/1/consents")).json()["code"] == "scope_missing"


async def test_without_consent_to_processing_a_record_can_only_be_read(shared: House) -> None:
    """It is restricted, and nothing of its history goes; given anew, the restriction can be lifted."""
    child = await added(shared)
    [consent] = (await shared.ask("G1", "GET", f"/{child}/consents")).json()["items"]
    assert (await shared.ask("G1", "POST", f"/consents/{consent['id']}/withdraw")).status_code == 200
    one = (await shared.ask("G1", "GET", f"/{child}")).json()
    assert (one["restricted"], one["consent_review_due"]) == (True, True)
    lifted = await shared.ask("G1", "DELETE", f"/{child}/restriction")
    assert lifted.json()["code"] == "consent_required"
    await shared.ask("G1", "POST", f"/{child}/consents", json={"purpose": "processing"})
    assert (await shared.ask("G1", "DELETE", f"/{child}/restriction")).status_code == 204
    assert (await shared.ask("G1", "GET", f"/{child}")).json()["consent_review_due"] is False


async def test_a_new_policy_asks_for_consent_anew(database_url: str) -> None:
    """What stands stays, is called outdated, and is replaced by the next consent."""
    async with open_house(database_url, sessions=False, children={"policy_version": "2026-11"}) as house:
        assert (await house.ask("G1", "GET", "/1")).json()["consent_review_due"] is True
        asked = {"purpose": "processing", "policy_version": "2026-11"}
        assert (await house.ask("G1", "POST", "/1/consents", json=asked)).status_code == 201
        assert (await house.ask("G1", "GET", "/1")).json()["consent_review_due"] is False
        rows = (await house.ask("G1", "GET", "/1/consents?limit=100")).json()["items"]
        kept = [
            (row["policy_version"], row["withdrawn_at"] is None)
            for row in rows
            if row["purpose"] == "processing"
        ]
        assert kept == [("2026-11", True), ("2026-01", False)]


async def test_access_that_is_over_is_marked_so_and_told(shared: House) -> None:
    child = await added(shared)
    over = await _invited(shared, child, ends_at=(NOW + timedelta(days=1)).isoformat())
    await _decided(shared, "N1", over, "accept")
    await shared.sql(
        "UPDATE children.care_assignments SET starts_at = now() - interval '2 days',"
        " ends_at = now() - interval '1 minute' WHERE id = :id",
        id=over,
    )
    assert (await shared.ask("N1", "GET", f"/{child}")).status_code == 404, "before any job has run"
    context = JobContext(shared.runtime, uuid4(), NoParams())
    assert (await end_expired(context))["ended"] >= 1
    assert await end_expired(JobContext(shared.runtime, uuid4(), NoParams())) == {"ended": 0}
    [(status, kept)] = await shared.sql(
        "SELECT status, ends_at < now() - interval '30 s' FROM children.care_assignments WHERE id = :id",
        id=over,
    )
    assert (status, kept) == ("ended", True)
    [(children,)] = await shared.sql("SELECT child_ids FROM muster.audit WHERE what = 'assignment.expire'")
    assert child in children


def test_consents_are_reviewed_when_a_child_reaches_an_age_to_decide() -> None:
    """At the age of consent and at majority, once each, until somebody has consented since."""
    due = {
        (then, now): review_due(now, then, policy_agreed=True, consent_age=16)
        for then, now in ((10, 15), (10, 16), (16, 17), (16, 18), (18, 19), (10, None))
    }
    assert due == {
        (10, 15): False,
        (10, 16): True,
        (16, 17): False,
        (16, 18): True,
        (18, 19): False,
        (10, None): False,
    }
    assert review_due(10, 10, policy_agreed=False, consent_age=16)
    assert review_due(10, None, policy_agreed=True, consent_age=16)
