"""Sessions of play over the last months up to now: who gets better, has bad weeks, stops halfway."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from math import exp
from random import Random
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from service.simulators.families import words
from service.simulators.families.children import Born
from service.simulators.families.plan import Plan

RELEASE: Final = 80
"""Days ago that the game's scenarios became harder (version 2.1): scores fall, then come back."""
STATES_UP: Final = ("calm", "focused", "happy", "confident")
STATES_DOWN: Final = ("frustrated", "overwhelmed", "tired", "confused")
_TYPES: Final = (
    "dental_visit", "dental_visit", "dental_visit", "therapy_session", "therapy_session", "social_scenario",
    "social_scenario", "sensory_exploration", "daily_routine", "emergency_preparation",
)  # fmt: skip
_NOTHING: Final = "{}"


class SessionRow(NamedTuple):
    """A row of `children.game_sessions`; what the table works out itself is not in it."""

    id: int
    child_id: int
    client_session_id: UUID
    session_type: str
    scenario_name: str
    scenario_id: str
    scenario_version: str
    started_at: datetime
    ended_at: datetime | None
    duration_seconds: int | None
    pause_count: int
    total_pause_seconds: int
    levels_completed: int
    max_level_reached: int
    score: int
    interactions_count: int
    correct_responses: int
    incorrect_responses: int
    help_requests: int
    hint_usage_count: int
    initial_state: str
    final_state: str | None
    emotional_data: str
    interaction_patterns: str
    completion_status: str
    exit_reason: str | None
    achievements_unlocked: list[str]
    parent_notes: str | None
    parent_rating: int | None
    device_type: str
    device_model: str
    app_version: str
    environment_type: str
    support_person_present: bool
    created_by: str
    created_by_id: int
    created_at: datetime
    updated_at: datetime


def sessions(plan: Plan, born: list[Born], ids: Iterator[int]) -> Iterator[SessionRow]:
    """All sessions of these children, each child's in the order of time; `ids` gives a number to each."""
    for child in born:
        chance = plan.chance("sessions", child.number)
        for moment, skill in _moments(plan, child, chance):
            yield _ended(plan, child, next(ids), moment, skill, chance)
        if child.number % 16 == 3:
            yield _open(plan, child, next(ids), chance)


def _moments(plan: Plan, child: Born, chance: Random) -> Iterator[tuple[datetime, float]]:
    """When the child played, and how well it could that day (points of score)."""
    zone = ZoneInfo(child.zone)
    today = plan.until.astimezone(zone).date()
    first = today - timedelta(days=plan.days - 1)
    away = {first + timedelta(days=chance.randrange(plan.days)): chance.randint(5, 12) for _ in range(2)}
    moods = [chance.gauss(0, 5) for _ in range(plan.days // 7 + 1)]
    for number in range(plan.days):
        day = first + timedelta(days=number)
        gone = any(begun <= day < begun + timedelta(days=length) for begun, length in away.items())
        if gone or chance.random() >= child.rhythm / 7:
            continue
        clock = time(chance.randint(15, 18), chance.randrange(60))
        moment = datetime.combine(day, clock, zone).astimezone(UTC)
        if moment < plan.until - timedelta(minutes=40):
            yield moment, _skill(child, number, plan.days) + moods[number // 7]


def _skill(child: Born, number: int, days: int) -> float:
    learned = child.gain * (1 - exp(-3 * number / days)) / (1 - exp(-3))
    since_release = number - (days - RELEASE)
    harder = 14 * exp(-since_release / 21) if since_release >= 0 else 0.0
    return child.start + learned - harder


def _ended(plan: Plan, child: Born, id_: int, moment: datetime, skill: float, chance: Random) -> SessionRow:
    fate = chance.random()
    trouble = 0.05 + max(0.0, 55 - skill) / 250
    status = "abandoned" if fate < trouble else "interrupted" if fate < trouble + 0.04 else "completed"
    whole = status == "completed"
    lasted = chance.randint(420, 1500) if whole else chance.randint(60, 420)
    score = min(100, max(0, round(chance.gauss(skill if whole else skill * 0.4, 8))))
    paused = chance.randint(5, lasted // 8) if chance.random() < 0.3 else 0
    started = _drawn(plan, child, id_, moment, score, chance)
    up = chance.random() < 0.25 + score / 140
    after = chance.choice(STATES_UP) if whole and up else chance.choice((started.initial_state, *STATES_DOWN))
    ended = moment + timedelta(seconds=lasted)
    rated = whole and chance.random() < 0.55
    return started._replace(
        ended_at=ended,
        updated_at=ended,
        duration_seconds=lasted,
        pause_count=1 if paused else 0,
        total_pause_seconds=paused,
        **_counted(lasted - paused, score, chance),
        final_state=after if fate < 0.97 else None,
        completion_status=status,
        exit_reason={"abandoned": "user_quit", "interrupted": "technical"}.get(status, "completed"),
        achievements_unlocked=["first-try"] if whole and score > 85 else [],
        parent_rating=min(5, max(1, round(score / 22 + chance.uniform(0.2, 1.2)))) if rated else None,
        parent_notes="Went well, asked to play again." if rated and score > 75 else None,
    )


def _drawn(plan: Plan, child: Born, id_: int, moment: datetime, score: int, chance: Random) -> SessionRow:
    """A session as it begins."""
    kind = chance.choice(_TYPES)
    scenario, name = chance.choice(words.SCENARIOS[kind])
    released = moment >= plan.until - timedelta(days=RELEASE)
    device, model = words.DEVICES[child.number % len(words.DEVICES)]
    before = "anxious" if chance.random() < 0.4 else chance.choice(("calm", "excited", "tired", "happy"))
    return SessionRow(
        id=id_,
        child_id=child.id,
        client_session_id=UUID(int=chance.getrandbits(128), version=4),
        session_type=kind,
        scenario_name=name,
        scenario_id=scenario,
        scenario_version="2.1" if released else "2.0",
        started_at=moment,
        ended_at=None,
        duration_seconds=None,
        pause_count=0,
        total_pause_seconds=0,
        levels_completed=0,
        max_level_reached=1,
        score=score,
        interactions_count=0,
        correct_responses=0,
        incorrect_responses=0,
        help_requests=0,
        hint_usage_count=0,
        initial_state=before,
        final_state=None,
        emotional_data=_NOTHING,
        interaction_patterns=_NOTHING,
        completion_status="in_progress",
        exit_reason=None,
        achievements_unlocked=[],
        parent_notes=None,
        parent_rating=None,
        device_type=device,
        device_model=model,
        app_version="4.1.0" if released else "4.0.2",
        environment_type="clinic" if chance.random() < 0.15 else "home",
        support_person_present=chance.random() < 0.5,
        created_by=f"person:{child.guardian}",
        created_by_id=child.guardian,
        created_at=moment,
        updated_at=moment,
    )


def _counted(active: int, score: int, chance: Random) -> dict[str, Any]:
    interactions = int(active / 60 * chance.uniform(2, 6))
    answered = int(interactions * chance.uniform(0.7, 1))
    share = 0.25 + score / 130 + chance.uniform(-0.08, 0.08)
    correct = round(answered * min(1, max(0, share)))
    helped = min(interactions, int(chance.random() * (110 - score) / 12))
    return {
        "interactions_count": interactions,
        "correct_responses": correct,
        "incorrect_responses": answered - correct,
        "help_requests": helped,
        "hint_usage_count": helped // 2,
        "levels_completed": score // 20,
        "max_level_reached": score // 20 + 1,
    }


def _open(plan: Plan, child: Born, id_: int, chance: Random) -> SessionRow:
    """A session that is being played right now."""
    begun = _drawn(plan, child, id_, plan.until - timedelta(minutes=chance.randint(3, 15)), 10, chance)
    return begun._replace(interactions_count=5, correct_responses=3, incorrect_responses=2)
