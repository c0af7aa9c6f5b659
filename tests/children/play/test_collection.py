"""Whether anything new may be kept about a child: consent, its policy, a restricted record."""

import pytest

from tests.children.house import House, open_house
from tests.children.playing import SESSION, record, started


async def test_without_consent_nothing_new_is_collected(house: House) -> None:
    """What is there can be read, rated and voided."""
    made = await started(house)
    await house.sql(
        "UPDATE children.consents SET withdrawn_at = now() WHERE child_id = 1 AND purpose = 'processing'"
    )
    path = f"/sessions/{made['id']}"
    match = {"If-Match": '"1"'}
    activity = {"activity_type": "exercise", "activity_name": "Swing"}
    refused = (
        await house.ask("G1", "POST", "/1/sessions", json=SESSION),
        await house.ask("G1", "PATCH", path, json={"score": 1}, headers=match),
        await house.ask("G1", "POST", f"{path}/complete", json={}),
        await house.ask("G1", "POST", "/1/activities", json=activity),
    )
    assert [(one.status_code, one.json()["code"]) for one in refused] == [(409, "consent_required")] * 4
    sent = await house.ask("K1", "POST", "/sessions/batch", json={"items": [record()]})
    assert sent.json()["items"][0]["error"]["code"] == "consent_required"
    assert (await house.ask("G1", "GET", path)).status_code == 200
    rated = await house.ask("G1", "PATCH", f"{path}/feedback", json={"parent_rating": 4}, headers=match)
    assert rated.status_code == 200


@pytest.mark.parametrize(("policy", "status"), [("2026-02", 409), ("2199-01", 201), ("next", 409)])
async def test_consent_to_an_older_policy_carries_on_for_thirty_days(
    database_url: str, policy: str, status: int
) -> None:
    """From the month by which the new one is called."""
    async with open_house(database_url, children={"policy_version": policy}) as house:
        assert (await house.ask("G1", "POST", "/1/sessions", json=SESSION)).status_code == status


async def test_a_restricted_child_is_read_and_no_more(house: House) -> None:
    """By its guardians; a professional sees it no longer."""
    await house.sql("UPDATE children.children SET restricted_at = now() WHERE id = 1")
    refused = await house.ask("G1", "POST", "/1/sessions", json=SESSION)
    assert (refused.status_code, refused.json()["code"]) == (409, "restricted")
    assert (await house.ask("G1", "GET", "/1/sessions")).status_code == 200
    assert (await house.ask("E1", "GET", "/1/sessions")).status_code == 404
