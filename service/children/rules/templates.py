"""What is usual for each level of support: presets to begin a description with (spec A6), static."""

from typing import Any, Final

TEMPLATES: Final[tuple[dict[str, Any], ...]] = (
    {
        "support_level": 1,
        "title": "Requiring support",
        "communication_style": "verbal",
        "safety_protocols": {
            "elopement_risk": "low",
            "calming_strategies": ["deep breathing", "a short break"],
        },
        "sensory_profile": {
            "auditory": {"sensitivity": "moderate", "accommodations": ["advance notice of loud sounds"]},
        },
    },
    {
        "support_level": 2,
        "title": "Requiring substantial support",
        "communication_style": "mixed",
        "safety_protocols": {
            "elopement_risk": "moderate",
            "emergency_procedures": ["call a guardian"],
            "calming_strategies": ["a quiet corner", "a visual schedule"],
        },
        "sensory_profile": {
            "auditory": {"sensitivity": "high", "accommodations": ["headphones"]},
            "tactile": {"sensitivity": "moderate", "accommodations": ["ask before touching"]},
        },
    },
    {
        "support_level": 3,
        "title": "Requiring very substantial support",
        "communication_style": "alternative",
        "safety_protocols": {
            "elopement_risk": "high",
            "emergency_procedures": ["never leave alone", "call a guardian", "call the emergency number"],
            "calming_strategies": ["a quiet corner", "a weighted blanket", "picture cards"],
        },
        "sensory_profile": {
            "auditory": {"sensitivity": "high", "accommodations": ["headphones"]},
            "visual": {"sensitivity": "high", "accommodations": ["dimmed light"]},
            "tactile": {"sensitivity": "high", "accommodations": ["ask before touching"]},
        },
    },
)
