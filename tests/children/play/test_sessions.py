"""Sessions one by one: ids of the game's own, what cannot be, what an end brings and a void takes."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from service.access.access_tokens import Claims, mint
from tests.children.house import SECRET, House
from tests.children.playing import COUNTS, SESSION, ago, points, record, sent, started


async def test_the_same_start_is_the_same_session(house: House) -> None:
    """Told again it is 200, told otherwise a conflict; and so it is once it was voided."""
    body = {**SESSION, "client_session_id": str(uuid4()), "started_at": ago(hours=1), "device_type": "tablet"}
    first = await house.ask("K1", "POST", "/1/sessions", json=body)
    again = await house.ask("G1", "POST", "/1/sessions", json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert first.headers["location"] == f"/v1/children/sessions/{first.json()['id']}"
    for other in ({"scenario_name": "Shop"}, {"started_at": ago(hours=2)}, {"device_type": None}):
        answer = await house.ask("G1", "POST", "/1/sessions", json={**body, **other})
        assert (answer.status_code, answer.json()["code"]) == (409, "session_id_conflict")
    await house.ask("G1", "DELETE", f"/sessions/{first.json()['id']}", json={"reason": "a test"})
    gone = await house.ask("G1", "POST", "/1/sessions", json=body)
    assert (gone.status_code, gone.json()["code"]) == (409, "session_id_conflict")


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"started_at": ago(days=7, minutes=1)}, "/body/started_at", "started_out_of_window"),
        ({"started_at": ago(hours=-6)}, "/body/started_at", "started_out_of_window"),
        ({"started_at": "2026-01-01T10:00:00"}, "/body/started_at", "offset_required"),
        ({"session_type": "chess"}, "/body/session_type", "literal_error"),
        ({"scenario_name": " "}, "/body/scenario_name", "blank"),
        ({"scenario_name": "a\0b"}, "/body/scenario_name", "unusable_text"),
        ({"score": 5}, "/body/score", "unknown_parameter"),
    ],
)
async def test_a_start_that_cannot_be_says_where_and_why(
    shared: House, body: dict[str, Any], pointer: str, code: str
) -> None:
    """Every finding has its pointer and a stable code."""
    answer = await shared.ask("G1", "POST", "/1/sessions", json={**SESSION, **body})
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"total_pause_seconds": 999_999}, "/body/total_pause_seconds", "pause_exceeds_duration"),
        ({"help_requests": 1}, "/body/help_requests", "help_exceeds_interactions"),
        ({"ended_at": ago(hours=-6)}, "/body/ended_at", "date_in_future"),
        ({"score": 2**31}, "/body/score", "out_of_range"),
        ({"score": "7"}, "/body/score", "int_type"),
        ({"interaction_patterns": {"a": "\0"}}, "/body/interaction_patterns", "unusable_text"),
        ({"interaction_patterns": {"a": "x" * 20_000}}, "/body/interaction_patterns", "too_long"),
    ],
)
async def test_an_end_that_cannot_be_says_where_and_why(
    shared: House, body: dict[str, Any], pointer: str, code: str
) -> None:
    """And the session stays as it was."""
    made = await started(shared)
    path = f"/sessions/{made['id']}"
    answer = await shared.ask("G1", "POST", f"{path}/complete", json=body)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    assert (await shared.ask("G1", "GET", path)).json()["completion_status"] == "in_progress"


async def test_a_session_does_not_grow_for_ever(house: House) -> None:
    """However little is told at a time, its lists and patterns have an end."""
    path = f"/sessions/{(await started(house))['id']}"
    await house.sql(
        """UPDATE children.game_sessions SET progress_markers = ARRAY(SELECT 'm' || n FROM generate_series(1, 990) AS n),
               emotional_data = jsonb_build_object('stress_indicators', ARRAY(SELECT 's' FROM generate_series(1, 990))),
               interaction_patterns = jsonb_build_object('a', repeat('x', 60000)) WHERE completion_status = 'in_progress'"""
    )
    more = [f"n{number}" for number in range(20)]
    for body, name, code in (
        ({"progress_markers": more}, "progress_markers", "too_many_items"),
        ({"stress_indicators": more}, "stress_indicators", "too_many_items"),
        ({"interaction_patterns": {"b": "x" * 9000}}, "interaction_patterns", "too_long"),
    ):
        answer = await house.ask("G1", "PATCH", path, json=body, headers={"If-Match": '"1"'})
        assert answer.status_code == 422, name
        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(f"/body/{name}", code)]
    assert (await house.ask("G1", "POST", f"{path}/complete", json={})).status_code == 200


async def test_an_end_told_again_with_anything_new_is_a_conflict(shared: House) -> None:
    """Of another kind, with another feeling, another pattern; less than was told is nothing new."""
    made = await started(shared)
    path = f"/sessions/{made['id']}"
    told = {
        "transitions": [{"to": "calm"}],
        "interaction_patterns": {"a": 1},
        "progress_markers": ["skill_a"],
    }
    assert (await shared.ask("G1", "POST", f"{path}/interrupt", json=told)).status_code == 200
    assert (await shared.ask("G1", "POST", f"{path}/interrupt", json={})).status_code == 200
    for kind, body in (
        ("complete", told),
        ("interrupt", {"transitions": [{"to": "happy"}]}),
        ("interrupt", {"interaction_patterns": {"b": 1}}),
        ("interrupt", {"progress_markers": ["skill_b"]}),
        ("interrupt", {"exit_reason": "technical"}),
    ):
        answer = await shared.ask("G1", "POST", f"{path}/{kind}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "already_final"), body


async def test_a_score_without_any_interaction_is_marked_doubtful(shared: House) -> None:
    """It is kept: who imports has no other."""
    made = await started(shared)
    ended = await shared.ask("G1", "POST", f"/sessions/{made['id']}/complete", json={"score": 40})
    assert ended.json()["session_data_quality"] == "doubtful"


async def test_completing_takes_six_statements(shared: House) -> None:
    """Hold, update, points, achievements, and the two that tell of the new data versions (spec D5.2)."""
    made = await started(shared)
    statements = await sent(
        shared, "G1", "POST", f"/sessions/{made['id']}/complete", json={"score": 40, **COUNTS}
    )
    assert len(statements) <= 6, statements


async def test_one_session_is_one_statement(shared: House) -> None:
    """With what it earned."""
    assert len(await sent(shared, "G1", "GET", "/sessions/1")) == 1


async def test_a_voided_session_is_gone_and_its_points_with_it(house: House) -> None:
    """The ledger keeps both entries; the achievement stays."""
    items = [record() for _ in range(5)]
    sent = (await house.ask("K1", "POST", "/sessions/batch", json={"items": items})).json()["items"]
    assert await points(house) == (20, 20)
    voided = await house.ask(
        "G1", "DELETE", f"/sessions/{sent[0]['id']}", json={"reason": "her brother played"}
    )
    assert (voided.status_code, voided.json()["points_taken"]) == (200, 4)
    assert await points(house) == (16, 16)
    again = await house.ask("G1", "DELETE", f"/sessions/{sent[0]['id']}", json={"reason": "once more"})
    assert again.status_code == 404
    listed = (await house.ask("G1", "GET", "/1/sessions")).json()["items"]
    assert sent[0]["id"] not in [one["id"] for one in listed]
    ledger = (await house.ask("G1", "GET", "/1/points?source_type=adjustment")).json()["items"]
    assert [one["points"] for one in ledger] == [-4]
    earned = (await house.ask("G1", "GET", "/1/achievements")).json()["items"][0]
    # Emma's sessions of F0 and these: ten dental ones, and nine once one is voided.
    assert (earned["id"], earned["have"], earned["earned_at"] is not None) == ("dental_rookie", 9, True)


async def test_a_write_can_be_followed_by_its_data_version(shared: House) -> None:
    """Feedback touches the sessions, an end the child's points too (T92)."""
    made = await started(shared)
    path = f"/sessions/{made['id']}"
    rated = await shared.ask(
        "G1", "PATCH", f"{path}/feedback", json={"parent_rating": 1}, headers={"If-Match": '"1"'}
    )
    assert [part.split(":")[0] for part in rated.headers["data-version"].split(",")] == ["child/1/sessions"]
    ended = await shared.ask("G1", "POST", f"{path}/complete", json={})
    scopes = [part.split(":")[0] for part in ended.headers["data-version"].split(",")]
    assert scopes == ["child/1", "child/1/sessions"]


async def test_a_tablet_with_a_token_of_half_a_day_plays_for_one_child(shared: House) -> None:
    """It may write sessions of that child, and read nothing."""
    claims = Claims(person=1, version=0, bound=frozenset({1}), audience="ingest")
    token = mint([SECRET], claims, timedelta(hours=12))
    async with shared.http(token=token) as http:
        assert (await http.post("/v1/children/1/sessions", json=SESSION)).status_code == 201
        assert (await http.post("/v1/children/2/sessions", json=SESSION)).status_code == 404
        assert (await http.get("/v1/children/1/sessions")).status_code == 403


async def test_the_longest_run_of_days_is_that_of_the_figures(shared: House) -> None:
    """Achievements and figures count one thing in two statements: they have to agree."""
    days = [1, 2, 3, 5, 6, 9, 10, 11, 12, 20]
    await shared.sql(
        "INSERT INTO children.game_sessions (child_id, session_type, scenario_name, started_at, ended_at,"
        " completion_status, created_by) SELECT 2, 'daily_routine', 'Evening', at, at, 'completed', 'x'"
        " FROM unnest(CAST(:days AS int[])) AS d, LATERAL (SELECT now() - make_interval(days => d)) AS c (at)",
        days=days,
    )
    items = (await shared.ask("G2", "GET", "/2/achievements")).json()["items"]
    have = next(one["have"] for one in items if one["id"] == "streak_7")
    figures = (await shared.ask("G2", "GET", "/2/analytics/streaks")).json()
    assert have == 4
    assert f'"longest":{have}' in json.dumps(figures, separators=(",", ":"))
