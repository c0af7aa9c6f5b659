"""Names, places and sentences of made-up families."""

from collections.abc import Mapping, Sequence
from typing import Final

ZONES: Final = (
    "Europe/Rome", "America/New_York", "Europe/London", "Europe/Rome", "America/Mexico_City",
    "Europe/Madrid", "Australia/Lord_Howe", "Africa/Casablanca",
)  # fmt: skip
"""With clocks that change on different days, by half an hour (Lord Howe), or not at all."""
FIRST: Final = (
    "Alba", "Bruno", "Chiara", "Daniele", "Elena", "Fabio", "Giulia", "Hugo", "Irene", "Jamal", "Karin",
    "Luca", "Marta", "Noah", "Olga", "Pietro", "Rosa", "Samir", "Teresa", "Ugo", "Vera", "William", "Yasmin",
)  # fmt: skip
LAST: Final = (
    "Amato", "Bianchi", "Castillo", "De Luca", "Esposito", "Ferrari", "García", "Hughes", "Idrissi", "Jensen",
    "Kowalski", "Lombardi", "McDonald", "Navarro", "O'Neil", "Pérez", "Rossi", "Santoro", "Turner", "Villa",
)  # fmt: skip
CHILDREN: Final = (
    "Ada", "Ben", "Cleo", "Dario", "Emil", "Fleur", "Gaia", "Hana", "Ivo", "José", "Kiki", "Leo", "Mia",
    "Nico", "Ottavia", "Pablo", "Rita", "Sole", "Tom", "Una", "Vito", "Zoë",
)  # fmt: skip
SPECIALTIES: Final = (
    "Child psychology", "Speech therapy", "Occupational therapy", "Paediatric dentistry",
    "Child neuropsychiatry",
)  # fmt: skip
DIAGNOSES: Final = ("Autism spectrum disorder", "Autism spectrum disorder, without intellectual impairment")
SCENARIOS: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    "dental_visit": (("dental-chair", "The dentist's chair"), ("dental-brush", "Brushing with the dragon")),
    "therapy_session": (("breathing", "Breathing like the sea"), ("turns", "My turn, your turn")),
    "social_scenario": (("shop", "At the shop"), ("playground", "On the playground")),
    "sensory_exploration": (("sounds", "Sounds of the kitchen"),),
    "daily_routine": (("morning", "Getting ready in the morning"),),
    "emergency_preparation": (("fire-drill", "The fire alarm"),),
}
"""Scenarios of each type of session: id and name."""
DEVICES: Final = (("tablet", "Tab S9"), ("tablet", "iPad 10"), ("phone", "Pixel 8"))
ACTIVITIES: Final = (
    ("dental_care", "Brushed teeth with the timer", "healthcare"),
    ("dental_care", "Looked at the mirror and the light", "healthcare"),
    ("therapy_session", "Breathing exercise", "healthcare"),
    ("exercise", "Trampoline", "healthcare"),
    ("social_interaction", "Played a board game with a neighbour", "social"),
    ("sensory_break", "Quiet corner with headphones", "healthcare"),
    ("educational", "Picture cards", "education"),
    ("free_play", "Building blocks", "social"),
)
NOTES: Final = (
    ("behavior", "Asked for a break with the card, without being told to."),
    ("communication", "Used three words together to ask for the tablet."),
    ("social", "Waited for the other child's turn, twice in a row."),
    ("sensory", "The hand dryer was too loud; the headphones helped within a minute."),
    ("self_care", "Brushed the upper teeth alone, needed a hand with the lower ones."),
    ("therapy", "Stayed with the breathing exercise for the whole session."),
    ("general", "A hard week: little sleep, two sessions were stopped early."),
    ("motor_skills", "Holds the brush firmly now and turns it without letting go."),
)
CALMING: Final = ("headphones", "counting backwards together", "a heavy blanket", "the quiet corner")
TRIGGERS: Final = ("sudden noise", "bright light above", "being touched from behind", "a change of plan")
MEDICATIONS: Final = ("Melatonin 1 mg in the evening", "Vitamin D in the morning")
"""Every third child takes one of them."""
SUMMARIES: Final = (
    "A first quarter with a rhythm of its own; what comes next is announced beforehand.",
    "What the quarter was like is in the figures: they count every session, the hard ones too.",
    "To be written after the next visit.",
)
"""What reports about a child say: of an earlier quarter, of the last one, of a draft."""
