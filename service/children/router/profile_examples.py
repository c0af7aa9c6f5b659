"""Examples of children, for OpenAPI."""

from typing import Any, Final

SENSES: Final[dict[str, Any]] = {
    "auditory": {
        "sensitivity": "high",
        "preferences": ["soft music"],
        "triggers": ["vacuum cleaner"],
        "accommodations": ["headphones"],
    }
}
CHILD_ASK: Final[dict[str, Any]] = {
    "name": "José-María O'Neil",
    "date_of_birth": "2016-03-15",
    "timezone": "Europe/Rome",
    "diagnosis": "Autism spectrum disorder",
    "support_level": 2,
    "diagnosis_date": "2019-11-04",
    "communication_style": "mixed",
    "sensory_profile": SENSES,
    "therapies": [{"type": "aba", "provider": "Centro Sole", "frequency": "2x_weekly"}],
    "safety_protocols": {
        "elopement_risk": "moderate",
        "medications": ["melatonin 1 mg in the evening"],
        "calming_strategies": ["weighted blanket"],
    },
    "emergency_contacts": [
        {"name": "Ana O'Neil", "phone": "+39 02 1234567", "relationship": "grandmother", "is_primary": True}
    ],
    "relation": "mother",
    "consents": [{"purpose": "processing", "policy_version": "2026-01"}],
}
BRIEF: Final[dict[str, Any]] = {
    "id": 7,
    "name": "José-María O'Neil",
    "age": 10,
    "age_category": "elementary",
    "timezone": "Europe/Rome",
    "support_level": 2,
    "communication_style": "mixed",
    "avatar_url": None,
    "points": 143,
    "level": 2,
    "is_active": True,
    "restricted": False,
    "access": "primary",
    "consent_review_due": False,
    "created_at": "2026-10-01T08:12:00Z",
    "version": 3,
}
SUMMARY: Final[dict[str, Any]] = {
    **BRIEF,
    "sensory_profile": SENSES,
    "recent_sessions": [
        {
            "id": 911,
            "started_at": "2026-10-30T15:00:00Z",
            "session_type": "dental_visit",
            "scenario_name": "The chair",
            "completion_status": "completed",
            "score": 80,
        }
    ],
}
DETAIL: Final[dict[str, Any]] = {
    **BRIEF,
    "date_of_birth": "2016-03-15",
    "diagnosis": "Autism spectrum disorder",
    "diagnosis_date": "2019-11-04",
    "diagnosing_professional": None,
    "communication_notes": None,
    "behavioral_notes": None,
    "sensory_profile": SENSES,
    "therapies": [
        {
            "type": "ABA",
            "provider": "Centro Sole",
            "frequency": "2x_weekly",
            "start_date": None,
            "end_date": None,
            "goals": [],
            "notes": None,
        }
    ],
    "safety_protocols": {
        "elopement_risk": "moderate",
        "medical_conditions": [],
        "medications": ["melatonin 1 mg in the evening"],
        "emergency_procedures": [],
        "calming_strategies": ["weighted blanket"],
        "triggers_to_avoid": [],
    },
    "emergency_contacts": [
        {
            "name": "Ana O'Neil",
            "phone": "+39 02 1234567",
            "relationship": "grandmother",
            "email": None,
            "is_primary": True,
        }
    ],
    "primary_guardian": {"id": 31, "name": "Lucia O'Neil"},
    "withheld": [],
    "updated_at": "2026-10-30T15:20:00Z",
}
PATCH: Final[dict[str, Any]] = {"communication_style": "verbal", "safety_protocols": {"medications": []}}
SENSORY: Final[dict[str, Any]] = {"child_id": 7, "sensory_profile": SENSES, "version": 4}
STATISTICS: Final[dict[str, Any]] = {
    "children": 2,
    "archived": 1,
    "restricted": 0,
    "by_support_level": {"1": 0, "2": 1, "3": 0, "none": 1},
    "by_age_category": {
        "early_intervention": 0,
        "preschool": 0,
        "elementary": 2,
        "adolescent": 0,
        "adult": 0,
    },
    "by_communication_style": {"verbal": 0, "non_verbal": 0, "mixed": 1, "alternative": 0, "none": 1},
    "points": 143,
    "mean_level": 1.5,
    "sessions": 9,
    "completed_sessions": 7,
    "active_children": 1,
}
COMPLETION: Final[dict[str, Any]] = {
    "child_id": 7,
    "percent": 80,
    "standing": "good",
    "sections": [
        {"section": "basic", "done": True},
        {"section": "clinical", "done": True},
        {"section": "communication", "done": True},
        {"section": "sensory", "done": True},
        {"section": "behavioral", "done": False},
        {"section": "therapies", "done": True},
        {"section": "emergency_contacts", "done": True},
        {"section": "safety", "done": True},
        {"section": "avatar", "done": False},
        {"section": "activity", "done": True},
    ],
}


def asked(example: dict[str, Any]) -> dict[str, Any]:
    """An example, as a body is documented."""
    return {"requestBody": {"content": {"application/json": {"example": example}}}}
