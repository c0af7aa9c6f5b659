"""Examples of sessions of play, for OpenAPI."""

from typing import Any, Final

_AT: Final = "2026-11-20T10:00:00Z"
_ENDED: Final = "2026-11-20T10:15:00Z"
START: Final[dict[str, Any]] = {
    "client_session_id": "0d5e1f5e-6f0f-4a0b-9a3c-0a4b6a0a7f10",
    "session_type": "dental_visit",
    "scenario_name": "The dentist's chair",
    "scenario_id": "chair",
    "scenario_version": "2.1",
    "started_at": _AT,
    "initial_state": "anxious",
    "device_type": "tablet",
    "environment_type": "home",
}
PROGRESS: Final[dict[str, Any]] = {
    "score": 50,
    "interactions_count": 30,
    "correct_responses": 18,
    "incorrect_responses": 12,
    "transitions": [{"at": "2026-11-20T10:06:00Z", "from": "anxious", "to": "calm"}],
}
END: Final[dict[str, Any]] = {
    "ended_at": _ENDED,
    "score": 70,
    "interactions_count": 60,
    "correct_responses": 45,
    "incorrect_responses": 15,
    "help_requests": 2,
    "final_state": "happy",
}
FEEDBACK: Final[dict[str, Any]] = {"parent_rating": 5, "parent_notes": "She asked for it herself."}
VOID: Final[dict[str, Any]] = {"reason": "Her brother played."}
LISTED: Final[dict[str, Any]] = {
    **START,
    "id": 17,
    "child_id": 7,
    "ended_at": _ENDED,
    "duration_seconds": 900,
    "active_seconds": 900,
    "completion_status": "completed",
    "exit_reason": "completed",
    "levels_completed": 3,
    "max_level_reached": 3,
    "score": 70,
    "interactions_count": 60,
    "correct_responses": 45,
    "incorrect_responses": 15,
    "help_requests": 2,
    "hint_usage_count": 1,
    "pause_count": 0,
    "total_pause_seconds": 0,
    "engagement_score": 75.0,
    "accuracy_pct": 75.0,
    "final_state": "happy",
    "achievements_unlocked": [],
    "progress_markers": ["skill_waiting"],
    "support_person_present": False,
    "session_data_quality": "good",
    "created_at": _AT,
    "updated_at": _ENDED,
    "version": 3,
}
SESSION: Final[dict[str, Any]] = {
    **LISTED,
    "emotional_data": {"transitions": PROGRESS["transitions"]},
    "interaction_patterns": {},
    "parent_observed_behavior": {},
    "points_awarded": 7,
    "achievements_earned": [],
}
OPEN: Final[dict[str, Any]] = {
    **SESSION,
    "ended_at": None,
    "duration_seconds": None,
    "active_seconds": None,
    "completion_status": "in_progress",
    "exit_reason": None,
    "engagement_score": None,
    "final_state": None,
    "points_awarded": None,
    "version": 2,
}
VOIDED: Final[dict[str, Any]] = {
    "id": 17,
    "child_id": 7,
    "voided_at": "2026-11-20T18:00:00Z",
    "points_taken": 7,
}
BATCH: Final[dict[str, Any]] = {"items": [{**START, **END, "child_id": 7}]}
OUTCOMES: Final[dict[str, Any]] = {"items": [{"index": 0, "status": "created", "id": 17, "error": None}]}
