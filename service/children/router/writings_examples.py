"""Realistic bodies and answers of notes and assessments, for OpenAPI."""

from typing import Any, Final

_AUTHOR: Final = {"id": 13, "name": "Elena Conti", "role": "professional"}
NOTE_ASK: Final[dict[str, Any]] = {
    "category": "sensory",
    "note": "The chair's light was too bright; with the blue filter she stayed calm.",
    "visibility": "all",
}
NOTE: Final[dict[str, Any]] = {
    "id": 412,
    "child_id": 7,
    "author": _AUTHOR,
    **NOTE_ASK,
    "noted_at": "2026-06-10T10:25:00Z",
    "edited_at": None,
    "created_at": "2026-06-10T10:25:00Z",
    "version": 1,
}
NOTE_CHANGE: Final[dict[str, Any]] = {"category": "behavior"}
NOTE_REMOVED: Final[dict[str, Any]] = {"id": 412, "child_id": 7, "removed_at": "2026-06-10T12:00:00Z"}
ASSESSMENT_ASK: Final[dict[str, Any]] = {
    "assessment_type": "sensory",
    "assessment_name": "Sensory Profile 2",
    "administered_by": "Elena Conti",
    "administered_at": "2026-06-01T09:00:00Z",
    "raw_scores": {"auditory": 21, "tactile": 18},
    "percentiles": {"auditory": 84},
    "interpretation": "More than others in auditory processing.",
    "recommendations": ["quiet waiting room"],
}
ASSESSMENT_LISTED: Final[dict[str, Any]] = {
    "id": 31,
    "child_id": 7,
    "author": _AUTHOR,
    "assessment_type": "sensory",
    "assessment_name": "Sensory Profile 2",
    "administered_by": "Elena Conti",
    "administered_at": "2026-06-01T09:00:00Z",
    "status": "completed",
    "created_at": "2026-06-01T12:00:00Z",
    "version": 1,
}
ASSESSMENT: Final[dict[str, Any]] = {
    **ASSESSMENT_LISTED,
    **ASSESSMENT_ASK,
    "standard_scores": {},
    "age_equivalents": {},
    "goals_identified": [],
    "areas_of_growth": [],
    "areas_of_concern": [],
}
