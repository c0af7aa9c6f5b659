"""The word lists of the children's desk (spec G1); tables and wire models read them from here."""

from typing import Final, Literal, get_args

CommunicationStyle = Literal["verbal", "non_verbal", "mixed", "alternative"]
ActivityType = Literal[
    "dental_care",
    "therapy_session",
    "medication",
    "exercise",
    "social_interaction",
    "sensory_break",
    "educational",
    "free_play",
]
SessionType = Literal[
    "dental_visit",
    "therapy_session",
    "social_scenario",
    "sensory_exploration",
    "daily_routine",
    "emergency_preparation",
]
EmotionalState = Literal[
    "calm",
    "happy",
    "excited",
    "anxious",
    "frustrated",
    "overwhelmed",
    "focused",
    "tired",
    "confused",
    "confident",
]
CompletionStatus = Literal["in_progress", "completed", "abandoned", "interrupted"]
ReportType = Literal["progress", "assessment", "summary", "incident", "recommendation", "discharge"]
ReportStatus = Literal["draft", "pending_review", "approved", "published", "archived"]
NoteCategory = Literal[
    "behavior",
    "communication",
    "social",
    "academic",
    "sensory",
    "motor_skills",
    "self_care",
    "therapy",
    "medical",
    "general",
]
NoteVisibility = Literal["guardians", "professionals", "all"]
SensoryDomain = Literal[
    "auditory", "visual", "tactile", "vestibular", "proprioceptive", "gustatory", "olfactory"
]
Sensitivity = Literal["high", "moderate", "low"]
ElopementRisk = Literal["high", "moderate", "low", "none"]
TherapyFrequency = Literal[
    "daily",
    "weekly",
    "2x_weekly",
    "3x_weekly",
    "4x_weekly",
    "5x_weekly",
    "biweekly",
    "monthly",
    "as_needed",
    "intensive",
]
EnvironmentType = Literal["home", "clinic", "school", "community"]
SupportNeeded = Literal["minimal", "moderate", "extensive"]
AgeCategory = Literal["early_intervention", "preschool", "elementary", "adolescent", "adult"]
Relation = Literal["mother", "father", "guardian", "other"]
GuardianAccess = Literal["primary", "full", "read_only"]
CareAccess = Literal["view", "comment", "edit"]
AssignmentStatus = Literal["invited", "active", "declined", "ended"]
ConsentPurpose = Literal["processing", "share_professional", "analytics", "research", "media"]
PointSource = Literal["session", "activity", "manual", "adjustment"]
RequestKind = Literal["export", "erasure"]
RequestState = Literal[
    "queued", "running", "ready", "failed", "expired", "awaiting", "pending", "executing", "done", "cancelled"
]
Level = Literal["primary", "full", "read_only", "view", "comment", "edit", "break_glass", "key"]
"""What somebody is to a child (spec E4.3): a guardian, a professional, an admin in an emergency, a device."""


def words(of: object) -> tuple[str, ...]:
    """The words of one of these lists."""
    return get_args(of)


EMOTION_SCALE: Final[dict[str, int]] = {
    "overwhelmed": 1,
    "frustrated": 2,
    "anxious": 3,
    "tired": 4,
    "confused": 4,
    "calm": 5,
    "focused": 6,
    "happy": 7,
    "confident": 7,
    "excited": 8,
}
"""Valence of each state, version 1 (spec D7.8); the table `emotion_scale` holds it too."""
