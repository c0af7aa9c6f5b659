"""The numbered cases of spec F6 about notes, assessments and reports, and what they rest on."""

from typing import Any

from tests.children.house import House

NOTE = {"category": "sensory", "note": "The light was too bright."}
ASSESSMENT: dict[str, Any] = {
    "assessment_type": "sensory",
    "assessment_name": "Sensory Profile 2",
    "administered_by": "Elena",
    "administered_at": "2025-06-01T09:00:00Z",
    "raw_scores": {"auditory": 21},
}
HIDDEN = dict.fromkeys(("X1", "W1", "N1", "U1"), 404)
NEVER = {"AD": 403, "K1": 403, "K2": 403, None: 401}


async def statuses(house: House, method: str, path: str, **more: Any) -> dict[str | None, int]:
    """What everybody of F0 is answered."""
    names = ("G1", "G2", "G3", "V1", "C1", "E1", *HIDDEN, *NEVER)
    return {name: (await house.ask(name, method, path, **more)).status_code for name in names}


async def written(house: House, who: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """What somebody has added."""
    answer = await house.ask(who, "POST", path, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_t065_who_writes_notes(house: House) -> None:
    expected = {"G1": 201, "G2": 404, "G3": 403, "V1": 403, "C1": 201, "E1": 201, **HIDDEN, **NEVER}
    assert await statuses(house, "POST", "/1/notes", json=NOTE) == expected
    rows = await house.sql("SELECT author_id FROM children.progress_notes ORDER BY author_id")
    assert [author for (author,) in rows] == [1, 12, 13]
    absent = await house.ask("G1", "POST", "/999/notes", json=NOTE)
    hidden = await house.ask("G2", "POST", "/1/notes", json=NOTE)
    told = [{**one.json(), "request_id": 0, "instance": 0} for one in (absent, hidden)]
    assert told[0] == told[1]


async def test_t066_who_adds_assessments(house: House) -> None:
    expected = {"G1": 403, "G2": 403, "G3": 403, "V1": 403, "C1": 201, "E1": 201, **HIDDEN, **NEVER}
    assert await statuses(house, "POST", "/1/assessments", json=ASSESSMENT) == expected


async def test_a_note_is_read_by_the_side_it_is_meant_for_and_its_author(house: House) -> None:
    made = {}
    for who, meant in (("G1", "guardians"), ("C1", "guardians"), ("E1", "professionals"), ("G1", "all")):
        made[who, meant] = (await written(house, who, "/1/notes", {**NOTE, "visibility": meant}))["id"]
    inner, told = made["E1", "professionals"], {made["G1", "guardians"], made["C1", "guardians"]}
    both = made["G1", "all"]
    expected = {
        "G1": told | {both}, "G3": told | {both}, "V1": {inner, both}, "E1": {inner, both},
        "C1": {inner, both, made["C1", "guardians"]},
    }  # fmt: skip
    for who, seen in expected.items():
        listing = (await house.ask(who, "GET", "/1/notes")).json()
        assert {note["id"] for note in listing["items"]} == seen, who
    async with house.http(token=await house.open_glass()) as http:
        shown = (await http.get("/v1/children/1/notes")).json()["items"]
    assert {note["id"] for note in shown} == set(made.values())
    # What is not meant for somebody is not there for them, also by its number.
    assert (await house.ask("C1", "DELETE", f"/notes/{made['G1', 'guardians']}")).status_code == 404


async def test_notes_are_listed_by_category_in_pages_and_each_reading_is_noted(house: House) -> None:
    for number in range(3):
        await written(house, "G1", "/1/notes", {**NOTE, "noted_at": f"2025-06-0{number + 1}T10:00:00Z"})
    await written(house, "G1", "/1/notes", {**NOTE, "category": "medical"})
    first = await house.ask("G3", "GET", "/1/notes", params={"category": "sensory", "limit": 2})
    page = first.json()
    assert (len(page["items"]), page["page"]["has_more"]) == (2, True)
    assert first.headers["cache-control"] == "no-store"
    assert page["items"][0]["author"] == {"id": 1, "name": "G1 Tester", "role": "parent"}
    rest = {"category": "sensory", "limit": 2, "cursor": page["page"]["next"]}
    second = (await house.ask("G3", "GET", "/1/notes", params=rest)).json()
    assert [note["noted_at"][:10] for note in (*page["items"], *second["items"])] == [
        "2025-06-03",
        "2025-06-02",
        "2025-06-01",
    ]
    other = await house.ask("G3", "GET", "/1/notes", params={"limit": 2, "cursor": page["page"]["next"]})
    assert other.status_code == 400
    await house.ask("N1", "GET", "/1/notes")
    noted = await house.sql("SELECT who, outcome, deny_code FROM muster.audit WHERE what = 'note.list'")
    assert sorted(map(tuple, noted)) == [
        ("person:16", "deny", "not_visible"),
        ("person:3", "allow", None),
        ("person:3", "allow", None),
    ]


async def test_a_note_is_changed_and_removed_by_its_author_for_a_day(house: House) -> None:
    note = await written(house, "C1", "/1/notes", NOTE)
    path = f"/notes/{note['id']}"
    change = {"json": {"category": "medical"}}
    assert (await house.ask("C1", "PATCH", path, **change)).status_code == 428
    refused = await house.ask("E1", "PATCH", path, **change, headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_the_author")
    assert (await house.ask("N1", "PATCH", path, **change, headers={"If-Match": '"1"'})).status_code == 404
    changed = await house.ask("C1", "PATCH", path, **change, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert (changed.json()["category"], changed.json()["note"]) == ("medical", NOTE["note"])
    stale = await house.ask("C1", "PATCH", path, **change, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    await house.sql("UPDATE children.progress_notes SET created_at = now() - interval '24 hours 1 second'")
    for method, more in (("PATCH", {**change, "headers": {"If-Match": '"2"'}}), ("DELETE", {})):
        late = await house.ask("C1", method, path, **more)
        assert (late.status_code, late.json()["code"]) == (409, "too_late")
    await house.sql("UPDATE children.progress_notes SET created_at = now()")
    assert (await house.ask("C1", "DELETE", path)).status_code == 200
    assert (await house.ask("C1", "DELETE", path)).status_code == 404
    assert (await house.ask("C1", "GET", "/1/notes")).json()["items"] == []
    rows = await house.sql(
        "SELECT what, changed_fields FROM muster.audit WHERE outcome = 'allow' ORDER BY id"
    )
    deeds = [tuple(row) for row in rows if row[0] in ("note.create", "note.update", "note.delete")]
    assert deeds == [
        ("note.create", ["category", "note"]),
        ("note.update", ["category"]),
        ("note.delete", ["deleted_at"]),
    ]


async def test_what_a_note_or_assessment_cannot_be(house: House) -> None:
    for body, pointer, code in (
        ({**NOTE, "note": "abc"}, "/body/note", "too_short"),
        ({**NOTE, "note": "x" * 2001}, "/body/note", "too_long"),
        ({**NOTE, "category": "weather"}, "/body/category", "enum"),
        ({**NOTE, "noted_at": "2999-01-01T00:00:00Z"}, "/body/noted_at", "date_in_future"),
        ({**NOTE, "noted_at": "0001-01-01T00:00:00Z"}, "/body/noted_at", "date_out_of_range"),
    ):
        answer = await house.ask("G1", "POST", "/1/notes", json=body)
        assert answer.status_code == 422, answer.text
        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    future = await house.ask("E1", "POST", "/1/assessments", json={**ASSESSMENT, "previous_assessment_id": 9})
    assert future.json()["errors"][0]["code"] == "unknown_assessment"
    ancient = {**ASSESSMENT, "administered_at": "0001-01-01T00:00:00Z"}
    told = (await house.ask("E1", "POST", "/1/assessments", json=ancient)).json()["errors"]
    assert [(one["pointer"], one["code"]) for one in told] == [("/body/administered_at", "date_out_of_range")]


async def test_assessments_follow_one_another_and_are_read_by_all_around_the_child(house: House) -> None:
    first = await written(house, "C1", "/1/assessments", ASSESSMENT)
    later = {**ASSESSMENT, "administered_at": "2025-06-20T09:00:00Z", "previous_assessment_id": first["id"]}
    second = await written(house, "E1", "/1/assessments", later)
    listing = (await house.ask("G3", "GET", "/1/assessments")).json()["items"]
    assert [one["id"] for one in listing] == [second["id"], first["id"]]
    assert "raw_scores" not in listing[0]
    for who in ("G1", "G3", "V1", "C1", "E1"):
        whole = await house.ask(who, "GET", f"/assessments/{second['id']}")
        assert (whole.status_code, whole.json()["raw_scores"]) == (200, {"auditory": 21}), who
        assert whole.headers["etag"] == '"1"'
    assert (await house.ask("N1", "GET", f"/assessments/{second['id']}")).status_code == 404
    assert (await house.ask("N1", "GET", "/assessments/999999999999999999999999")).status_code == 404


async def test_nothing_is_written_about_a_child_without_consent_or_while_it_is_restricted(
    house: House,
) -> None:
    await house.sql("UPDATE children.consents SET withdrawn_at = now() WHERE purpose = 'processing'")
    refused = await house.ask("G1", "POST", "/1/notes", json=NOTE)
    assert (refused.status_code, refused.json()["code"]) == (409, "consent_required")
    await house.sql("UPDATE children.consents SET withdrawn_at = NULL WHERE purpose = 'processing'")
    await house.sql("UPDATE children.children SET restricted_at = now() WHERE id = 1")
    refused = await house.ask("G1", "POST", "/1/notes", json=NOTE)
    assert (refused.status_code, refused.json()["code"]) == (409, "restricted")
