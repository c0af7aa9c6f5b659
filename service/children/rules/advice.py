"""Words and proposals from figures, by fixed thresholds (spec D7.12). No clinical claims."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final, Literal

from service.children.rules.rounding import Exact, mean, percent, rounded
from service.schemas.children.figures import Labels, Recommendation, Summary

LEAST_FINISHED: Final = 3
"""Finished sessions below which nothing is proposed."""
REGULAR: Final = 2
"""Sessions a week from which they are regular."""
ATTENTIVE: Final[tuple[tuple[int, Literal["high", "moderate", "limited"]], ...]] = (
    (20 * 60, "high"), (10 * 60, "moderate"), (0, "limited"),
)  # fmt: skip
"""Mean active seconds of a session from which attention is so called; the last needs more than none."""


def labels_of(
    *, finished: int, days: int, engaged: int, engaged_seconds: Exact, help_requests: int
) -> Labels:
    """The words for a window of `days` local days; `engaged` sessions were active for `engaged_seconds`."""
    weekly = percent(finished * 7, days * 100) or 0.0
    return Labels(
        attention=_attention(engaged, engaged_seconds),
        mean_active_minutes=mean(engaged_seconds, engaged * 60),
        help_pattern=_help_pattern(help_requests, finished),
        help_per_session=mean(help_requests, finished),
        sessions_per_week=weekly,
        regular=finished * 7 >= REGULAR * days,
    )


def _attention(engaged: int, seconds: Exact) -> Literal["high", "moderate", "limited"] | None:
    if engaged == 0 or seconds <= 0:
        return None
    return next(word for least, word in ATTENTIVE if seconds >= least * engaged)


def _help_pattern(requests: int, finished: int) -> Literal["independent", "appropriate", "high"] | None:
    if finished == 0:
        return None
    return "independent" if requests < 2 * finished else "appropriate" if requests < 5 * finished else "high"


def recommendations_of(summary: Summary, *, days: int, up: int, down: int) -> list[Recommendation]:
    """What the figures suggest, in the order of the spec, each with the numbers it rests on.

    `up` and `down` count finished sessions after which the state was better or worse than before.
    """
    if summary.finished < LEAST_FINISHED:
        evidence = {"finished": summary.finished, "needed": LEAST_FINISHED}
        return [Recommendation(code="INSUFFICIENT_DATA", evidence=evidence)]
    found = [*_about_sessions(summary), *_about_states(up, down), *_about_frequency(summary, days)]
    return found or [Recommendation(code="CONTINUE", evidence={"finished": summary.finished})]


def _about_sessions(summary: Summary) -> Iterator[Recommendation]:
    rate, engagement, accuracy = summary.completion_rate, summary.engagement, summary.accuracy
    finished, minutes = summary.finished, summary.labels.mean_active_minutes
    if rate is not None and 100 * summary.completed < 60 * finished:
        yield _advice("SHORTEN_OR_SIMPLIFY", completion_rate=rate, below=60, n=finished)
    if engagement.mean is not None and engagement.mean < 50:
        yield _advice("REVIEW_ENGAGEMENT", engagement=engagement.mean, below=50, n=engagement.n)
    if accuracy.pooled is not None and accuracy.correct * 100 > 90 * accuracy.responses:
        yield _advice("INCREASE_DIFFICULTY", accuracy=accuracy.pooled, above=90, n=accuracy.responses)
    if accuracy.pooled is not None and accuracy.correct * 100 < 60 * accuracy.responses:
        yield _advice("DECREASE_DIFFICULTY", accuracy=accuracy.pooled, below=60, n=accuracy.responses)
    helped = summary.help
    if helped.pooled_rate is not None and helped.requests * 100 > 30 * helped.interactions:
        yield _advice("MORE_SCAFFOLDING", help_rate=helped.pooled_rate, above=30, n=helped.interactions)
    if minutes is not None and minutes > 20:
        yield _advice("SHORTEN_SESSIONS", mean_active_minutes=minutes, above=20, n=engagement.n)


def _about_states(up: int, down: int) -> Iterator[Recommendation]:
    if down > up:
        yield _advice("CALMING_STRATEGIES", deteriorations=down, improvements=up)


def _about_frequency(summary: Summary, days: int) -> Iterator[Recommendation]:
    if summary.finished * 7 < REGULAR * days:
        weekly = summary.labels.sessions_per_week
        yield _advice(
            "MORE_REGULAR_SESSIONS", sessions_per_week=weekly, below=REGULAR, n=summary.finished, days=days
        )


def _advice(code: str, **evidence: float) -> Recommendation:
    return Recommendation.model_validate({"code": code, "evidence": evidence})


def hours(seconds: Exact) -> float:
    """Seconds as hours."""
    return rounded(Fraction(seconds) / 3600) or 0.0
