"""Who sees and changes a child, and what of it: rows T59 to T62 of spec F6, and T72."""

import asyncio
from typing import Any

import pytest

from tests.children.describing import added, change, refused
from tests.children.house import House

STRANGERS = ("X1", "W1", "N1", "U1")
READS = {
    "G1": 200, "G2": 404, "G3": 200, "V1": 200, "C1": 200, "E1": 200, **dict.fromkeys(STRANGERS, 404),
    "AD": 403, "K1": 403, "K2": 403, None: 401,
}  # fmt: skip
T61 = READS | {"G3": 403, "V1": 403, "C1": 403, "E1": 403}
T62 = T61 | {"E1": 200}
LEVELS = {"G3", "V1", "C1", "E1"}
ANY = {"If-Match": "*"}


async def _audit(house: House, what: str) -> list[tuple[str, str | None, int | None]]:
    statement = "SELECT outcome, deny_code, child_id FROM muster.audit WHERE what = :what ORDER BY id"
    return [tuple(row) for row in await house.sql(statement, what=what)]


async def _outcome(
    house: House, expected: dict[str | None, int], who: str | None, method: str, path: str, **more: Any
) -> tuple[Any, list[tuple[str, str | None, int | None]]]:
    """The answer, which has the status of the matrix, and the rows that it added to the audit."""
    what = "child.read" if method == "GET" else "child.update"
    before = await _audit(house, what)
    answer = await house.ask(who, method, path, headers=ANY, **more)
    assert answer.status_code == expected[who], answer.text
    if answer.status_code == 403:
        assert answer.json()["code"] == ("access_level" if who in LEVELS else "scope_missing")
    return answer, (await _audit(house, what))[len(before) :]


@pytest.mark.parametrize("who", READS)
async def test_t059_who_reads_a_child(shared: House, who: str | None) -> None:
    """Each reading and each hidden child is one row of the audit, with what is true."""
    answer, rows = await _outcome(shared, READS, who, "GET", "/1")
    told = {200: [("allow", None, 1)], 404: [("deny", "not_visible", 1)]}
    assert rows == told.get(answer.status_code, [])
    if answer.status_code == 200:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["etag"] == f'"{answer.json()["version"]}"'


@pytest.mark.parametrize("who", READS)
async def test_t060_who_finds_a_child_in_their_list(shared: House, who: str | None) -> None:
    answer = await shared.ask(who, "GET", "")
    status = 200 if READS[who] == 404 else READS[who]
    assert answer.status_code == status
    if status == 200:
        shown = [item["id"] for item in answer.json()["items"]]
        assert (1 in shown) == (READS[who] == 200)
        [row] = await shared.sql(
            "SELECT child_ids, outcome FROM muster.audit WHERE what = 'child.list' ORDER BY id DESC LIMIT 1"
        )
        assert tuple(row) == (shown, "allow")


@pytest.mark.parametrize("who", T61)
async def test_t061_who_changes_a_child(shared: House, who: str | None) -> None:
    name = f"Emma {'abcdefghijklmnopq'[list(T61).index(who)]}"
    answer, rows = await _outcome(shared, T61, who, "PATCH", "/1", json={"name": name})
    told = {200: [("allow", None, 1)], 404: [("deny", "not_visible", 1)]}
    denied = [("deny", "access_level", 1)] if who in LEVELS else []
    assert rows == told.get(answer.status_code, denied)


@pytest.mark.parametrize("who", T62)
async def test_t062_who_changes_a_sensory_domain(shared: House, who: str | None) -> None:
    answer, _ = await _outcome(
        shared, T62, who, "PATCH", "/1/sensory-profile/visual", json={"sensitivity": "low"}
    )
    if answer.status_code == 200:
        assert answer.json()["sensory_profile"]["visual"]["sensitivity"] == "low"


async def test_professionals_who_edit_change_therapies_and_senses_and_nothing_else(shared: House) -> None:
    assert (await change(shared, 1, {"therapies": [{"type": "speech"}]}, "E1")).status_code == 200
    both = {"therapies": [], "communication_style": "verbal"}
    assert (await change(shared, 1, both, "E1")).json()["code"] == "access_level"
    whole = {"auditory": {"sensitivity": "low"}, "visual": {"sensitivity": "high"}}
    replaced = await shared.ask("E1", "PUT", "/1/sensory-profile", json=whole, headers=ANY)
    assert set(replaced.json()["sensory_profile"]) == {"auditory", "visual"}
    path = "/1/sensory-profile/"
    unknown = await shared.ask("E1", "PATCH", f"{path}taste", json={"sensitivity": "low"}, headers=ANY)
    assert unknown.status_code == 404
    partial = await shared.ask("E1", "PATCH", f"{path}tactile", json={"triggers": ["wool"]}, headers=ANY)
    assert refused(partial) == {("/sensitivity", "missing")}


async def test_t072_what_each_level_sees_of_a_child(shared: House) -> None:
    """Contacts, medications, conditions, and of a date of birth more than the year."""
    said = {
        "emergency_contacts": [{"name": "Ana", "phone": "+39 02 123456", "relationship": "aunt"}],
        "safety_protocols": {
            "elopement_risk": "low", "medications": ["melatonin"], "medical_conditions": ["asthma"],
            "calming_strategies": ["music"],
        },
    }  # fmt: skip
    assert (await change(shared, 1, said)).status_code == 200
    seen = {who: (await shared.ask(who, "GET", "/1")).json() for who in ("G1", "G3", "V1", "C1", "E1")}
    for who in ("G1", "G3", "E1"):
        assert seen[who]["date_of_birth"] == "2016-03-15"
        assert seen[who]["emergency_contacts"][0]["phone"] == "+39 02 123456"
        assert seen[who]["withheld"] == []
    for who in ("V1", "C1"):
        assert seen[who]["date_of_birth"] == "2016"
        assert "emergency_contacts" not in seen[who]
        assert seen[who]["safety_protocols"]["calming_strategies"] == ["music"]
    assert not {"medications", "medical_conditions"} & seen["V1"]["safety_protocols"].keys()
    assert seen["C1"]["safety_protocols"]["medications"] == ["melatonin"]
    assert seen["V1"]["withheld"] == [
        "emergency_contacts",
        "safety_protocols.medical_conditions",
        "safety_protocols.medications",
    ]
    async with shared.http(token=await shared.open_glass()) as http:
        emergency = (await http.get("/v1/children/1")).json()
    assert (emergency["access"], emergency["withheld"]) == ("break_glass", [])


async def test_what_is_sealed_is_not_in_the_database_in_plain_words(shared: House) -> None:
    """Nor in the answer that is stored with an idempotency key."""
    said = {
        "emergency_contacts": [
            {"name": "Ana", "phone": "+39 02 7654321", "relationship": "aunt", "email": "ana@example.org"}
        ],
        "safety_protocols": {"elopement_risk": "low", "medications": ["risperidone"]},
    }
    async with shared.http("G1") as http:
        body = {"name": "Mia", "age": 7, "consents": [{"purpose": "processing"}], **said}
        made = await http.post("/v1/children", json=body, headers={"Idempotency-Key": "sealed-1"})
    child = made.json()["id"]
    [(stored,)] = await shared.sql(
        "SELECT string_agg(convert_from(body, 'UTF8'), '') FROM muster.idempotency_key"
    )
    [(phone, email, medications)] = await shared.sql(
        "SELECT c.phone, c.email, s.medications FROM children.child_emergency_contacts c"
        " JOIN children.child_safety s USING (child_id) WHERE child_id = :child",
        child=child,
    )
    for secret in ("7654321", "ana@example.org", "risperidone"):
        assert secret not in stored
        assert secret.encode() not in bytes(phone) + bytes(email) + bytes(medications)
    assert (await shared.ask("G1", "GET", f"/{child}")).json()["emergency_contacts"][0]["email"]


@pytest.mark.parametrize(
    "path",
    [
        "/{}",
        "/{}/profile-completion",
        "/{}/guardians",
        "/{}/assignments",
        "/{}/consents",
        "/statistics",
        "/search",
    ],
)
async def test_each_reading_is_one_row_of_the_audit(shared: House, path: str) -> None:
    """Of Emma allowed, of Leo refused with the true reason (spec T107)."""
    for child, told in ((1, ("allow", None)), (2, ("deny", "not_visible")), (999_999, ("deny", "absent"))):
        if "{}" not in path and child != 1:
            continue
        [(last,)] = await shared.sql("SELECT max(id) FROM muster.audit")
        await shared.ask("G1", "GET", path.format(child))
        rows = await shared.sql(
            "SELECT outcome, deny_code, who FROM muster.audit WHERE id > :last AND what NOT LIKE 'auth.%'",
            last=last,
        )
        assert [tuple(row) for row in rows] == [(*told, "person:1")]


async def test_of_two_who_change_one_version_one_is_told_so(shared: House) -> None:
    child = await added(shared)
    patches = [{"name": "Ida"}, {"name": "Eva"}]
    first = {"If-Match": '"1"'}
    asked = [shared.ask("G1", "PATCH", f"/{child}", json=patch, headers=first) for patch in patches]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert {answer.json().get("code") for answer in answers if answer.status_code == 412} == {
        "version_conflict"
    }


async def test_a_child_that_is_added_again_by_a_repeated_request_is_added_once(shared: House) -> None:
    body = {"name": "Once", "age": 7, "consents": [{"purpose": "processing"}]}
    async with shared.http("G1") as http:
        answers = [
            await http.post("/v1/children", json=body, headers={"Idempotency-Key": "once-1"})
            for _ in range(2)
        ]
    assert answers[0].content == answers[1].content
    assert answers[0].headers["location"] == f"/v1/children/{answers[0].json()['id']}"
    assert await shared.sql("SELECT count(*) FROM children.children WHERE name = 'Once'") == [(1,)]


async def test_only_parents_add_children(shared: House) -> None:
    body = {"name": "Mia", "age": 7, "consents": [{"purpose": "processing"}]}
    statuses = {}
    for who in ("V1", "AD", "K1", None):
        answer = await shared.ask(who, "POST", "", json=body)
        statuses[who] = (answer.status_code, answer.json()["code"])
    assert statuses == {
        "V1": (403, "role_not_allowed"),
        "AD": (403, "scope_missing"),
        "K1": (403, "scope_missing"),
        None: (401, "not_authenticated"),
    }


async def test_absent_and_hidden_children_answer_the_same_for_every_deed(shared: House) -> None:
    """Byte for byte, apart from what the request itself names; also for numbers that no row can have."""
    deeds: tuple[tuple[str, str, Any], ...] = (
        ("GET", "", None),
        ("PATCH", "", {"name": "Mia"}),
        ("DELETE", "", None),
        ("POST", "/restore", None),
        ("GET", "/profile-completion", None),
        ("PUT", "/sensory-profile", {"visual": {"sensitivity": "low"}}),
        ("PUT", "/restriction", None),
        ("DELETE", "/restriction", None),
        ("GET", "/guardians", None),
        ("POST", "/guardians", {"email": "g3@example.org", "relation": "other"}),
        ("DELETE", "/guardians/3", None),
        ("GET", "/assignments", None),
        ("POST", "/assignments", {"professional_id": 16, "grant_consent": True}),
        ("GET", "/consents", None),
        ("POST", "/consents", {"purpose": "research"}),
    )
    for method, below, body in deeds:
        told = set()
        for child in ("2", "999999", str(2**63), "9" * 5000):
            answer = await shared.ask("G1", method, f"/{child}{below}", json=body, headers=ANY)
            document = answer.json()
            assert document.pop("instance") == f"/v1/children/{child}{below}"
            document.pop("request_id")
            told.add((answer.status_code, str(document)))
        assert len(told) == 1, (method, below, told)
        assert told.pop()[0] == 404


async def test_archived_children_stay_for_their_guardians_alone(shared: House) -> None:
    child = await added(shared)
    await shared.ask(
        "G1", "POST", f"/{child}/assignments", json={"professional_id": 16, "grant_consent": True}
    )
    [(assignment,)] = await shared.sql(
        "SELECT id FROM children.care_assignments WHERE child_id = :child", child=child
    )
    accept = {"action": "accept"}
    taken = await shared.ask("N1", "PATCH", f"/assignments/{assignment}", json=accept, headers=ANY)
    assert taken.status_code == 200
    assert (await shared.ask("N1", "GET", f"/{child}")).status_code == 200
    assert (await shared.ask("G1", "DELETE", f"/{child}")).status_code == 204
    assert (await shared.ask("G1", "DELETE", f"/{child}")).status_code == 204
    assert (await shared.ask("N1", "GET", f"/{child}")).status_code == 404
    one = await shared.ask("G1", "GET", f"/{child}")
    assert one.json()["is_active"] is False
    assert (await change(shared, child, {"name": "Ida"})).json()["code"] == "archived"
    listed = [item["id"] for item in (await shared.ask("G1", "GET", "")).json()["items"]]
    aside = [item["id"] for item in (await shared.ask("G1", "GET", "?is_active=false")).json()["items"]]
    assert child not in listed
    assert child in aside
    assert (await shared.ask("G1", "POST", f"/{child}/restore")).json()["is_active"] is True
    assert (await shared.ask("N1", "GET", f"/{child}")).status_code == 200


async def test_restricted_children_are_read_by_guardians_and_no_more(shared: House) -> None:
    child = await added(shared)
    missing = await shared.ask("G1", "PUT", f"/{child}/restriction")
    assert missing.status_code == 428
    stale = await shared.ask("G1", "PUT", f"/{child}/restriction", headers={"If-Match": '"9"'})
    assert stale.status_code == 412
    put = await shared.ask("G1", "PUT", f"/{child}/restriction", headers={"If-Match": '"1"'})
    assert (put.json()["restricted"], put.headers["etag"]) == (True, '"2"')
    assert (await shared.ask("G1", "GET", f"/{child}")).status_code == 200
    assert (await change(shared, child, {"name": "Ida"})).json()["code"] == "restricted"
    await shared.sql(
        "INSERT INTO children.data_requests (child_id, kind, state, requested_by)"
        " VALUES (:child, 'erasure', 'pending', 1)",
        child=child,
    )
    assert (await shared.ask("G1", "DELETE", f"/{child}/restriction")).json()["code"] == "erasure_pending"
    await shared.sql(
        "UPDATE children.data_requests SET state = 'cancelled' WHERE child_id = :child", child=child
    )
    assert (await shared.ask("G1", "DELETE", f"/{child}/restriction")).status_code == 204
    assert (await change(shared, child, {"name": "Ida"})).status_code == 200


async def test_stale_and_missing_versions_change_nothing(shared: House) -> None:
    child = await added(shared)
    for headers, status in (({}, 428), ({"If-Match": '"2"'}, 412), ({"If-Match": '"1"'}, 200)):
        answer = await shared.ask("G1", "PATCH", f"/{child}", json={"name": "Ida"}, headers=headers)
        assert answer.status_code == status
    same = await shared.ask("G1", "PATCH", f"/{child}", json={"name": "Ida"}, headers={"If-Match": '"2"'})
    assert same.headers["etag"] == '"2"', "nothing was changed, so nothing else need be read anew"
