"""Activities, notes and assessments: what the grown-ups write down."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from service.simulators.families import words
from service.simulators.families.children import Born
from service.simulators.families.plan import Plan

DAYS_BETWEEN_ACTIVITIES = 5


class ActivityRow(NamedTuple):
    """A row of `children.activities`."""

    id: int
    child_id: int
    client_activity_id: UUID
    activity_type: str
    activity_name: str
    category: str
    points_earned: int
    difficulty_level: int
    completed_at: datetime
    duration_minutes: int
    emotional_state_before: str
    emotional_state_after: str
    anxiety_level_before: int
    anxiety_level_after: int
    support_level_needed: str
    environment_type: str
    success_rating: int
    verified_by_parent: bool
    verified_by_professional: bool
    created_by: str
    created_at: datetime


class NoteRow(NamedTuple):
    """A row of `children.progress_notes`."""

    child_id: int
    author_id: int
    category: str
    note: str
    visibility: str
    noted_at: datetime
    created_at: datetime


class AssessmentRow(NamedTuple):
    """A row of `children.assessments`."""

    child_id: int
    author_id: int
    assessment_type: str
    assessment_name: str
    edition: str
    administered_by: str
    administered_at: datetime
    raw_scores: str
    interpretation: str
    recommendations: list[str]
    created_at: datetime


def activities(plan: Plan, born: list[Born], ids: Iterator[int]) -> Iterator[ActivityRow]:
    """About one activity in five days for each child."""
    for child in born:
        chance = plan.chance("activities", child.number)
        for number in range(plan.days // DAYS_BETWEEN_ACTIVITIES):
            if chance.random() < min(1, child.rhythm):
                earlier = timedelta(days=number * DAYS_BETWEEN_ACTIVITIES, minutes=chance.randrange(60, 4000))
                yield _activity(child, next(ids), plan.until - earlier, chance)


def _activity(child: Born, id_: int, moment: datetime, chance: Random) -> ActivityRow:
    kind, name, category = chance.choice(words.ACTIVITIES)
    before = chance.randint(2, 9)
    after = min(10, max(1, before - chance.choice((3, 2, 1, 1, 0, -1))))
    return ActivityRow(
        id=id_,
        child_id=child.id,
        client_activity_id=UUID(int=chance.getrandbits(128), version=4),
        activity_type=kind,
        activity_name=name,
        category=category,
        points_earned=chance.choice((0, 2, 3, 5)),
        difficulty_level=chance.randint(1, 4),
        completed_at=moment,
        duration_minutes=chance.choice((5, 10, 15, 20, 30)),
        emotional_state_before="anxious" if before > 5 else "calm",
        emotional_state_after="calm" if after < before else "tired" if after > before else "focused",
        anxiety_level_before=before,
        anxiety_level_after=after,
        support_level_needed=chance.choice(("minimal", "moderate", "extensive")),
        environment_type=chance.choice(("home", "home", "school", "clinic")),
        success_rating=chance.randint(2, 5),
        verified_by_parent=chance.random() < 0.7,
        verified_by_professional=bool(child.carers) and chance.random() < 0.3,
        created_by=f"person:{child.guardian}",
        created_at=moment,
    )


def notes(plan: Plan, born: list[Born]) -> Iterator[NoteRow]:
    """A few notes about each child, by its guardian and by who may write about it."""
    for child in born:
        chance = plan.chance("notes", child.number)
        authors = [child.guardian, *(who for level, who in child.carers if level != "view")]
        for number in range(chance.randint(2, 6)):
            category, note = chance.choice(words.NOTES)
            noted = plan.until - timedelta(days=number * 23, minutes=chance.randrange(60, 9000))
            author = chance.choice(authors)
            aside = author != child.guardian and chance.random() < 0.2
            seen_by = "professionals" if aside else "all"
            yield NoteRow(child.id, author, category, note, seen_by, noted, noted)


def assessments(plan: Plan, born: list[Born]) -> Iterator[AssessmentRow]:
    """One assessment, and a second one after months, of each child with a professional who may write them."""
    for child in born:
        if not child.carers or child.carers[0][0] != "edit":
            continue
        chance = plan.chance("assessments", child.number)
        first = chance.randint(30, 45)
        for number, days in enumerate((plan.days - 20, 30)):
            when = plan.until - timedelta(days=days)
            scores = {"communication": first + number * round(child.gain / 8), "socialisation": first - 3}
            yield AssessmentRow(
                child_id=child.id,
                author_id=child.carers[0][1],
                assessment_type="adaptive_behavior",
                assessment_name="Adaptive behaviour, parent form",
                edition="3",
                administered_by="Centro Arcobaleno",
                administered_at=when,
                raw_scores=json.dumps(scores),
                interpretation="Within what was seen at home; to be repeated in half a year.",
                recommendations=["keep the sessions short", "announce each change beforehand"],
                created_at=when,
            )
