"""The desk's tables, in the PostgreSQL schema `children` (spec D2)."""

from service.children.models.child import (
    BreakGlass,
    CareAssignment,
    Child,
    Consent,
    EmergencyContact,
    Guardian,
    Safety,
    SensoryDomain,
    Therapy,
)
from service.children.models.clinical import Assessment, ProgressNote, Report, ReportShare
from service.children.models.play import Activity, ChildAchievement, EmotionScale, GameSession, PointLedger
from service.children.models.rights import DataRequest, ErasedSubject

__all__ = [
    "Activity",
    "Assessment",
    "BreakGlass",
    "CareAssignment",
    "Child",
    "ChildAchievement",
    "Consent",
    "DataRequest",
    "EmergencyContact",
    "EmotionScale",
    "ErasedSubject",
    "GameSession",
    "Guardian",
    "PointLedger",
    "ProgressNote",
    "Report",
    "ReportShare",
    "Safety",
    "SensoryDomain",
    "Therapy",
]
