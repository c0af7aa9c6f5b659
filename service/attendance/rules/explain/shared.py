"""Rules that read the same in both books; each book takes them in at its own place."""

from service.attendance.rules.codes import COUNTED, Incident, PunchReason, Status
from service.attendance.rules.explain.rulebook import RuleBook, Values


def count_rules(book: RuleBook) -> None:
    """Punches that count."""

    @book.rule("punch_count", "punches", "F.4 step 3", "punch_times")
    def punch_count(v: Values) -> int:
        """Punches of the shift's window, or of the day, without those set aside."""
        return len(v.punch_times)


def balance_rules(book: RuleBook) -> None:
    """What is left of the expected time, and what is missing of it."""

    @book.rule("expected_net_seconds", "seconds", "A.10", "expected_seconds deducted_seconds")
    def expected_net_seconds(v: Values) -> int:
        """Expected time without what leave takes away."""
        return int(v.expected_seconds - v.deducted_seconds)

    @book.rule("difference_seconds", "seconds", "A.13", "worked_seconds expected_net_seconds")
    def difference_seconds(v: Values) -> int:
        """Worked time minus expected time."""
        return int(v.worked_seconds - v.expected_net_seconds)


def minute_rules(book: RuleBook) -> None:
    """Lateness and early exits in whole minutes."""

    @book.rule("late_minutes", "minutes", "C.14", "late_seconds")
    def late_minutes(v: Values) -> int:
        """Whole minutes of lateness, rounded down."""
        return int(v.late_seconds // 60)

    @book.rule("early_minutes", "minutes", "C.14", "early_seconds")
    def early_minutes(v: Values) -> int:
        """Whole minutes of leaving early, rounded down."""
        return int(v.early_seconds // 60)


def incident_rules(book: RuleBook) -> None:
    """What somebody should look at."""

    @book.rule(
        "incidents",
        "incidents",
        "F.2, F.3",
        "status missing_in missing_out punch_reasons ambiguous nonexistent in_future outside_employment",
    )
    def incidents(v: Values) -> Incident:
        """Missing entries and exits, punches set aside or at doubtful times, work on leave and days off."""
        return _incidents(v)


def _incidents(v: Values) -> Incident:
    reasons = set(v.punch_reasons)
    aside: dict[Incident, bool] = {
        Incident.MISSING_IN: v.missing_in,
        Incident.MISSING_OUT: v.missing_out,
        Incident.OFF_SHIFT: PunchReason.OFF_SHIFT in reasons,
        Incident.DUPLICATE: bool(reasons & {PunchReason.DUPLICATE_ROW, PunchReason.DUPLICATE_BURST}),
        Incident.WORKED_ON_LEAVE: v.status == Status.ON_LEAVE
        and any(reason <= COUNTED or reason == PunchReason.CONFLICT for reason in reasons),
        Incident.AMBIGUOUS_TIME: v.ambiguous,
        Incident.NONEXISTENT_TIME: v.nonexistent,
        Incident.FUTURE: v.in_future,
        Incident.SKIPPED: PunchReason.SKIPPED in reasons,
        Incident.OUTSIDE_EMPLOYMENT: v.outside_employment and bool(reasons),
        Incident.WORKED_ON_DAY_OFF: v.status in {Status.REST_WORKED, Status.HOLIDAY_WORKED}
        or PunchReason.DAY_OFF in reasons,
        Incident.CONFLICT: PunchReason.CONFLICT in reasons,
    }
    found = Incident(0)
    for incident, holds in aside.items():
        found |= incident if holds else Incident(0)
    return found
