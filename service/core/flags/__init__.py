"""Optimisations, each with the share of callers that have it; answers are the same either way.

`Flags` is the view in memory that requests ask, `following` keeps it as the table says on every replica.
"""

from service.core.flags.acting import Acted, Optimization, Source, Tally, builds_avoided
from service.core.flags.following import SCOPE, following, refresh
from service.core.flags.queries import FlagRow, delete_flag, select_flags, upsert_flag
from service.core.flags.view import EVERYBODY, MASTER, NAMES, Flags, place

__all__ = [
    "EVERYBODY",
    "MASTER",
    "NAMES",
    "SCOPE",
    "Acted",
    "FlagRow",
    "Flags",
    "Optimization",
    "Source",
    "Tally",
    "builds_avoided",
    "delete_flag",
    "following",
    "place",
    "refresh",
    "select_flags",
    "upsert_flag",
]
