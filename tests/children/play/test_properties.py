"""Whatever is done to sessions in whatever order: their states, and points that are the sum of the ledger."""

import asyncio
import os
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.children.rules.points import level_of
from service.children.rules.sessions import FINAL, OPEN
from tests.children.house import House
from tests.children.playing import COUNTS, points, record, started

FULL: Final = bool(os.environ.get("MUSTER_PROVE"))
few = settings(
    max_examples=200 if FULL else 6,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_ROUTES = {"complete": "completed", "abandon": "abandoned", "interrupt": "interrupted"}
steps = st.one_of(
    st.tuples(st.just("patch"), st.integers(0, 300)),
    st.tuples(st.sampled_from(sorted(_ROUTES)), st.one_of(st.none(), st.integers(0, 300))),
    st.tuples(st.just("void"), st.none()),
)


class Model:
    """What a session should be: its state, its score, and whether it is there at all."""

    def __init__(self) -> None:
        self.state, self.score, self.voided, self.version = OPEN, 0, False, 1

    def expect(self, step: str, score: int | None) -> int:
        """The status that the step is answered with; the model goes on."""
        if self.voided:
            return 404
        if step == "void":
            self.voided = True
            return 200
        if self.state in FINAL:
            same = step != "patch" and _ROUTES[step] == self.state and score in (None, self.score)
            return 200 if same else 409
        if score is not None and score < self.score:
            return 409
        self.score = self.score if score is None else score
        self.state = _ROUTES.get(step, OPEN)
        self.version += 1
        return 200


async def _do(house: House, session: int, step: str, score: int | None, version: int = 0) -> Any:
    path, body = f"/sessions/{session}", {} if score is None else {"score": score}
    if step == "void":
        return await house.ask("G1", "DELETE", path, json={"reason": "a test"})
    if step == "patch":
        return await house.ask("G1", "PATCH", path, json=body, headers={"If-Match": f'"{version}"'})
    return await house.ask("G1", "POST", f"{path}/{step}", json=body)


@few
@given(st.lists(steps, min_size=1, max_size=7))
async def test_a_session_goes_from_open_to_one_end_and_nowhere_from_there(
    shared: House, path: list[tuple[str, int | None]]
) -> None:
    """Against a model: every answer, and what is in the table afterwards."""
    session = (await started(shared))["id"]
    model = Model()
    for step, score in path:
        version = model.version
        answer = await _do(shared, session, step, score, version)
        assert answer.status_code == model.expect(step, score), (step, score, answer.text)
    [row] = await shared.sql(
        "SELECT completion_status, score, version, deleted_at IS NOT NULL AS voided"
        " FROM children.game_sessions WHERE id = :id",
        id=session,
    )
    assert tuple(row) == (model.state, model.score, model.version + model.voided, model.voided)
    kept, entries = await points(shared)
    assert kept == entries


deeds = st.sampled_from(["award", "complete", "complete", "void", "batch", "activity", "drop"])


@few
@given(st.lists(deeds, min_size=2, max_size=14))
async def test_points_are_the_sum_of_the_ledger_whatever_runs_at_once(shared: House, todo: list[str]) -> None:
    """Awards, ends, batches and voids of the same sessions, all at the same time."""
    sessions = [(await started(shared))["id"] for _ in range(2)]
    care = {"activity_type": "exercise", "activity_name": "Swing", "points_earned": 7}
    activity = (await shared.ask("G1", "POST", "/1/activities", json=care)).json()["id"]
    batch = {"items": [record(score=30), record(score=0)]}
    reason = {"reason": "a test"}
    body = {"score": 55, **COUNTS}

    def begin(number: int, deed: str) -> Any:
        session = sessions[number % 2]
        if deed == "award":
            return shared.ask("E1", "POST", "/1/points", json={"points": number + 1, **reason})
        if deed == "complete":
            return shared.ask("K1", "POST", f"/sessions/{session}/complete", json=body)
        if deed == "void":
            return shared.ask("G1", "DELETE", f"/sessions/{session}", json=reason)
        if deed == "batch":
            return shared.ask("K1", "POST", "/sessions/batch", json=batch)
        if deed == "drop":
            return shared.ask("G1", "DELETE", f"/activities/{activity}", json=reason)
        return shared.ask("G1", "POST", "/1/activities", json=care)

    answers = await asyncio.gather(*(begin(number, deed) for number, deed in enumerate(todo)))
    assert {one.status_code for one in answers} <= {200, 201, 207, 404}
    kept, entries = await points(shared)
    assert kept == entries
    [(level, least)] = await shared.sql(
        "SELECT level, (SELECT min(sum) FROM (SELECT sum(points) OVER (ORDER BY id) AS sum"
        " FROM children.point_ledger WHERE child_id = 1) AS running) FROM children.children WHERE id = 1"
    )
    assert level == level_of(kept)
    assert least is None or least >= 0


def test_t024_points_make_levels() -> None:
    """A hundred for each, up to fifty."""
    told = {points_: level_of(points_) for points_ in (0, 99, 100, 250, 4899, 4900, 99_999)}
    assert told == {0: 1, 99: 1, 100: 2, 250: 3, 4899: 49, 4900: 50, 99_999: 50}
