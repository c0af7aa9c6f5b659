"""Figures worked in plain Python, from rows as they are: what SQL and explanations are held against.

Written from the spec's words (D7) and not from the service: fractions, one rounding, no windows functions.
"""

import statistics
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from service.schemas.children.words import EMOTION_SCALE

Rows = list[dict[str, Any]]


def half_up(value: Fraction | None, places: int = 2) -> float | None:
    if value is None:
        return None
    quotient = Decimal(Fraction(value).numerator) / Decimal(Fraction(value).denominator)
    return float(quotient.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def exact(value: Any) -> Fraction:
    return Fraction(str(value))


def ratio(part: Any, whole: Any, scale: int = 100) -> Fraction | None:
    return None if not whole else scale * exact(part) / exact(whole)


def mean(values: list[Any]) -> Fraction | None:
    return sum((exact(v) for v in values), Fraction(0)) / len(values) if values else None


def spread(values: list[Any], part: str) -> float | int | None:
    if part == "n":
        return len(values)
    if not values:
        return None
    ordered = sorted(exact(value) for value in values)
    place = (len(ordered) - 1) * Fraction(9, 10)
    low = ordered[int(place)]
    high = ordered[min(int(place) + 1, len(ordered) - 1)]
    known: dict[str, float | int | None] = {
        "mean": half_up(mean(values)),
        "median": half_up(statistics.median(ordered)),
        "p90": half_up(low + (high - low) * (place - int(place))),
        "min": min(ordered),
        "max": max(ordered),
    }
    return known[part]


def total(rows: Rows, *names: str) -> int:
    return sum(row[name] or 0 for row in rows for name in names)


def words_of(rows: Rows, days: int) -> dict[str, Any]:
    """The labels of a window."""
    active = mean([row["active_seconds"] for row in rows]) if rows and "active_seconds" in rows[0] else None
    minutes = None if active is None else active / 60
    helped = mean([row["help_requests"] for row in rows]) if rows and "help_requests" in rows[0] else None
    return {
        "attention": minutes and ("high" if minutes >= 20 else "moderate" if minutes >= 10 else "limited"),
        "mean_active_minutes": half_up(minutes),
        "help_pattern": None
        if helped is None
        else "independent" if helped < 2 else "appropriate" if helped < 5 else "high",
        "help_per_session": half_up(helped),
        "sessions_per_week": half_up(Fraction(len(rows) * 7, days)),
        "regular": Fraction(len(rows) * 7, days) >= 2,
    }  # fmt: skip


VALUES = {
    "score": "score", "duration_seconds": "duration_seconds", "duration": "duration_seconds",
    "engagement": "engagement_score", "accuracy": "accuracy_pct", "parent_rating": "parent_rating",
}  # fmt: skip


def measure(name: str, part: str, rows: Rows, days: int) -> Any:
    """A measure of D7.4 over the rows that its explanation names."""
    statuses = Counter(row.get("completion_status") for row in rows)
    counts = {"total": len(rows), "finished": len(rows) - statuses["in_progress"]}
    counts |= {
        status: statuses[status] for status in ("completed", "abandoned", "interrupted", "in_progress")
    }
    if name in counts:
        return counts[name]
    ways: dict[str, Callable[[], Any]] = {
        "completion_rate": lambda: half_up(ratio(statuses["completed"], len(rows))),
        "active_seconds": lambda: total(rows, "active_seconds"),
        "independence": lambda: independence(rows, part),
        "help": lambda: helped(rows, part),
        "help_rate": lambda: helped(rows, part),
        "accuracy_pooled": lambda: pooled(rows, part),
        "labels": lambda: words_of(rows, days)[part],
        "sessions_per_week": lambda: words_of(rows, days)["sessions_per_week"],
    }
    if name == "accuracy" and part in ("pooled", "correct", "responses"):
        return pooled(rows, part)
    return ways[name]() if name in ways else spread([row[VALUES[name]] for row in rows], part)


def independence(rows: Rows, part: str) -> Any:
    shares = [100 - 100 * Fraction(row["help_requests"], row["interactions_count"]) for row in rows]
    return len(shares) if part == "n" else half_up(mean(shares))


def helped(rows: Rows, part: str) -> Any:
    sums = {"requests": total(rows, "help_requests"), "interactions": total(rows, "interactions_count")}
    return sums.get(part, half_up(ratio(sums["requests"], sums["interactions"])))


def pooled(rows: Rows, part: str) -> Any:
    responses = total(rows, "correct_responses", "incorrect_responses")
    correct = total(rows, "correct_responses")
    return {"correct": correct, "responses": responses}.get(part, half_up(ratio(correct, responses)))


def trend(rows: Rows, part: str, threshold: int, *, duration: bool) -> Any:
    """D7.5, where all sessions are of one setup."""
    names = {"scenario_version", "device_type"}
    values = [exact(next(value for name, value in row.items() if name not in names)) for row in rows]
    n = len(values)
    early, late = mean(values[: n // 2]), mean(values[n // 2 :])
    if part == "n":
        return n
    if part in ("early_n", "late_n"):
        return n // 2 if part == "early_n" else n - n // 2
    assert early is not None
    assert late is not None
    delta = late - early
    moved = "stable" if abs(delta) <= threshold else ("improving" if delta > 0 else "declining")
    ranks = [Fraction(rank) for rank in range(1, n + 1)]
    middle, level = sum(ranks) / n, sum(values) / n
    sxx = sum((x - middle) ** 2 for x in ranks)
    sxy = sum((x - middle) * (y - level) for x, y in zip(ranks, values, strict=True))
    syy = sum((y - level) ** 2 for y in values)
    found: dict[str, Any] = {
        "early": half_up(early), "late": half_up(late), "delta": half_up(delta), "mean": half_up(mean(values)),
        "direction": {"improving": "increasing", "declining": "decreasing"}.get(moved, moved) if duration else moved,
        "reason": None, "threshold": threshold, "slope_per_session": half_up(Fraction(sxy / sxx)),
        "r2": half_up(Fraction(sxy**2 / (sxx * syy)), 4), "scenario_version": None, "device_type": None,
        "confidence": "low" if n < 8 else "medium" if n < 16 else "high",
    }  # fmt: skip
    return found[part]


def shift(rows: Rows, figure: list[str]) -> Any:
    """D7.8."""
    moves = [
        EMOTION_SCALE[row["final_state"]] - EMOTION_SCALE[row["initial_state"]]
        for row in rows
        if row["initial_state"] and row["final_state"]
    ]
    states = Counter(row[side] for row in rows for side in ("initial_state", "final_state") if row[side])
    up, down = sum(m > 0 for m in moves), sum(m < 0 for m in moves)
    if figure[0] == "distribution":
        shares = {"count": states[figure[1]], "state": figure[1]}
        return shares.get(figure[2], half_up(ratio(states[figure[1]], sum(states.values())), 1))
    found: dict[str, Any] = {
        "recorded": len(rows), "tracked": len(moves), "improvements": up, "deteriorations": down,
        "stable": len(moves) - up - down, "improvement_rate": half_up(ratio(up, len(moves)), 1),
        "mean_shift": half_up(mean(moves)),
        "direction": "none" if not moves else "positive" if up > down else "negative" if up < down else "stable",
        "most_common": min(states, key=lambda s: (-states[s], s)) if states else None,
        "stability": None if not states else "high" if len(states) <= 2 else "moderate" if len(states) <= 4 else "low",
        "completeness": half_up(ratio(sum(states.values()), 2 * len(rows))),
    }  # fmt: skip
    return found[figure[0]]


def feeling(rows: Rows, figure: list[str]) -> Any:
    if figure[0] == "volatility":
        bounds: Mapping[str, Callable[[int], bool]] = {
            "very_stable": lambda k: k == 0, "stable": lambda k: 1 <= k <= 3, "volatile": lambda k: k > 3,
        }  # fmt: skip
        return sum(bounds[figure[1]](row["transitions"]) for row in rows)
    if figure[0] == "anxiety":
        drops = [row["anxiety_level_before"] - row["anxiety_level_after"] for row in rows]
        before = total(rows, "anxiety_level_before")
        return {
            "n": len(rows), "mean_reduction": half_up(mean(drops)),
            "percent_reduction": half_up(ratio(sum(drops), before)),
        }[figure[1]]  # fmt: skip
    return 1 if figure[0] == "scale_version" else shift(rows, figure[1:])


def streak(rows: Rows, part: str, as_of: date) -> Any:
    days = sorted({date.fromisoformat(row["day"]) for row in rows})
    best = run = 0
    for place, day in enumerate(days):
        run = run + 1 if place and day - days[place - 1] == timedelta(days=1) else 1
        best = max(best, run)
    current = run if days and days[-1] >= as_of - timedelta(days=1) else 0
    return {"as_of": as_of.isoformat(), "current": current, "longest": best, "days": len(days)}[part]


def series(rows: Rows, part: str) -> Any:
    scores = [row["score"] for row in rows]
    found = {
        "score": scores[-1], "moving_average": half_up(mean(scores[-3:])),
        "delta": scores[-1] - scores[-2] if scores[1:] else None,
        "personal_best": scores[-1] > max(scores[:-1], default=-1),
    }  # fmt: skip
    return found[part]


def activities(rows: Rows, parts: list[str]) -> Any:
    if parts[0] in ("by_type", "daily_points"):
        field = "activity_type" if parts[0] == "by_type" else "day"
        rows = [row for row in rows if row[field] == parts[1]]
    verified = sum(row["verified"] for row in rows)
    return {
        "total": len(rows), "points": total(rows, "points_earned"), "verified": verified,
        "verification_rate": half_up(ratio(verified, len(rows))),
    }[parts[-1]]  # fmt: skip
