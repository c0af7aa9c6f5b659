"""Examples of activities, points and achievements, for OpenAPI."""

from typing import Any, Final

ACTIVITY_ASK: Final[dict[str, Any]] = {
    "client_activity_id": "5b1f3a52-3c60-4d16-9f0d-d0b3b1c0aa01",
    "activity_type": "dental_care",
    "activity_name": "Brushing teeth",
    "points_earned": 15,
    "completed_at": "2026-11-20T19:30:00Z",
    "duration_minutes": 5,
    "emotional_state_before": "anxious",
    "emotional_state_after": "calm",
    "anxiety_level_before": 6,
    "anxiety_level_after": 3,
    "strategies_used": ["a song"],
}
CHANGE_ASK: Final[dict[str, Any]] = {"success_rating": 4, "notes": "Almost on her own."}
VERIFY_ASK: Final[dict[str, Any]] = {"verified": True, "notes": "Seen."}
ACTIVITY: Final[dict[str, Any]] = {
    **ACTIVITY_ASK,
    "id": 31,
    "child_id": 7,
    "assistive_technology_used": [],
    "environmental_modifications": [],
    "sensory_accommodations": [],
    "challenges_encountered": [],
    "verified_by_parent": False,
    "verified_by_professional": False,
    "data_source": "manual",
    "created_at": "2026-11-20T19:31:00Z",
    "updated_at": "2026-11-20T19:31:00Z",
    "version": 1,
}
VERIFIED: Final[dict[str, Any]] = ACTIVITY | {
    "verified_by_parent": True,
    "verification_notes": "Seen.",
    "version": 2,
}
VOID: Final[dict[str, Any]] = {"reason": "Written down twice."}
VOIDED: Final[dict[str, Any]] = {
    "id": 31,
    "child_id": 7,
    "voided_at": "2026-11-20T20:00:00Z",
    "points_taken": 15,
}
POINTS_ASK: Final[dict[str, Any]] = {"points": 20, "reason": "She sat through the whole visit."}
AWARDED: Final[dict[str, Any]] = {
    "points_added": 20,
    "total_points": 112,
    "old_level": 1,
    "new_level": 2,
    "level_up": True,
    "achievements": [],
}
ENTRY: Final[dict[str, Any]] = {
    "id": 220,
    "source_type": "manual",
    "source_id": None,
    "points": 20,
    "reason": POINTS_ASK["reason"],
    "actor_user_id": 3,
    "created_at": "2026-11-20T18:00:00Z",
}
ACHIEVEMENTS: Final[dict[str, Any]] = {
    "child_id": 7,
    "points": 112,
    "level": 2,
    "next_level_at": 200,
    "earned": 1,
    "items": [
        {
            "id": "dental_rookie",
            "title": "Dental rookie",
            "counts": "dental",
            "have": 5,
            "need": 5,
            "progress": 100.0,
            "earned_at": "2026-11-20T10:15:00Z",
            "source_session_id": 17,
        }
    ],
}
