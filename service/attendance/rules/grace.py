"""Lateness beyond a grace period (spec D.10, Shift Attendance)."""


def beyond_grace(flagged: bool, seconds: int, grace_seconds: int, *, considered: bool) -> int:
    """Seconds past the start (or before the end) of a shift, or past its grace where that is considered.

    With the grace considered, only what the rules call late (or early) has any: a minute that is rounded down
    into the grace, or a shift that marks nobody, has none.
    """
    if not considered:
        return seconds
    return max(seconds - grace_seconds, 0) if flagged else 0
