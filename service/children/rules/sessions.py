"""How a session goes on: what it may become, and which counts can be (spec D4, D2)."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from service.core.errors import FieldError
from service.schemas.children.words import CompletionStatus, words

OPEN: Final = "in_progress"
FINAL: Final = frozenset(words(CompletionStatus)) - {OPEN}
"""From `in_progress` to each of these, and from them nowhere."""
DEED: Final[Mapping[str, str]] = {
    "completed": "session.complete",
    "abandoned": "session.abandon",
    "interrupted": "session.interrupt",
}
OLDEST: Final = timedelta(days=7)
"""A session is told within a week of its start, also by a device that was offline."""
AHEAD: Final = timedelta(minutes=5)
"""Clocks of devices may be ahead by this much."""
MOST_ENTRIES: Final = 1000
"""Of each list that grows while a session goes on."""
LONGEST_PATTERNS: Final = 65_536
"""Characters of JSON that the patterns of a session come to in the end: four times what is sent at once."""
LISTS: Final = ("achievements_unlocked", "progress_markers")
COUNTERS: Final = (
    "levels_completed",
    "max_level_reached",
    "score",
    "interactions_count",
    "correct_responses",
    "incorrect_responses",
    "help_requests",
    "hint_usage_count",
    "pause_count",
    "total_pause_seconds",
)


def regressions(before: Mapping[str, Any], given: Mapping[str, Any]) -> list[FieldError]:
    """The counts that are told lower than before (`counter_regression`)."""
    return [
        FieldError(f"/{name}", "counter_regression", f"it was {before[name]} already, {given[name]} is less")
        for name in COUNTERS
        if given.get(name) is not None and given[name] < before[name]
    ]


def inconsistencies(counts: Mapping[str, Any]) -> list[FieldError]:
    """The counts that cannot be together."""
    found = []
    interactions = counts["interactions_count"]
    responses = counts["correct_responses"] + counts["incorrect_responses"]
    if responses > interactions:
        detail = f"{responses} responses in {interactions} interactions"
        found.append(FieldError("/correct_responses", "responses_exceed_interactions", detail))
    if counts["help_requests"] > interactions:
        detail = f"{counts['help_requests']} requests for help in {interactions} interactions"
        found.append(FieldError("/help_requests", "help_exceeds_interactions", detail))
    return found


def out_of_time(started_at: datetime, ended_at: datetime | None, now: datetime) -> list[FieldError]:
    """What cannot be of a session's start and end, told now."""
    found = []
    if not now - OLDEST <= started_at <= now + AHEAD:
        detail = "a session starts at most 7 days ago and at most 5 minutes ahead"
        found.append(FieldError("/started_at", "started_out_of_window", detail))
    return found + ([] if ended_at is None else wrong_end(started_at, ended_at, now))


def wrong_end(started_at: datetime, ended_at: datetime, now: datetime) -> list[FieldError]:
    """What cannot be of a session's end."""
    if ended_at < started_at:
        return [FieldError("/ended_at", "ended_before_start", "a session does not end before it starts")]
    if ended_at > now + AHEAD:
        return [FieldError("/ended_at", "date_in_future", "this instant has not come yet")]
    return []


def duration_of(started_at: datetime, ended_at: datetime) -> int:
    """Whole seconds from start to end."""
    return (ended_at - started_at) // timedelta(seconds=1)


def long_pauses(paused: int, duration: int) -> list[FieldError]:
    """Pauses longer than the session."""
    if paused <= duration:
        return []
    detail = f"{paused} seconds of pauses in a session of {duration}"
    return [FieldError("/total_pause_seconds", "pause_exceeds_duration", detail)]


def quality_of(counts: Mapping[str, Any]) -> str:
    """`doubtful` where a score came about without any interaction."""
    return "doubtful" if counts["score"] > 0 and counts["interactions_count"] == 0 else "good"


def overgrown(lists: Mapping[str, Sequence[Any]], patterns: Mapping[str, Any]) -> list[FieldError]:
    """What has grown beyond what a session holds, however little was told at a time."""
    found = [
        FieldError(f"/{name}", "too_many_items", f"a session holds {MOST_ENTRIES} of them at most")
        for name, entries in lists.items()
        if len(entries) > MOST_ENTRIES
    ]
    if len(json.dumps(patterns, ensure_ascii=False)) > LONGEST_PATTERNS:
        detail = f"the patterns of a session come to {LONGEST_PATTERNS} characters of JSON at most"
        found.append(FieldError("/interaction_patterns", "too_long", detail))
    return found


def joined(before: Sequence[str], new: Sequence[str]) -> list[str]:
    """Both lists, each entry once, in the order they came."""
    return list(dict.fromkeys([*before, *new]))


def felt(before: Mapping[str, Any], new: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Emotional data with what is new behind what was there."""
    added = {name: [*before.get(name, []), *entries] for name, entries in new.items() if entries}
    return {**before, **added}
