"""An explanation of the wire as the rules read it, and the figures of a day of the wire in the rules' own values."""

from datetime import UTC, datetime
from typing import Any

from service.attendance.rules.codes import CODES, Incident, OtherHalf, PendingReason, Status
from service.attendance.rules.explain import DayTrace, Recorded, Step
from service.attendance.rules.ruleset import BUILT_IN

# Words of the wire and what they are among the rules.
AS_STORED = (
    "gross_seconds", "break_seconds", "worked_seconds", "expected_seconds", "deducted_seconds",
    "expected_net_seconds", "difference_seconds", "overtime_seconds", "late", "late_seconds", "late_minutes",
    "late_counted", "late_forgiven", "early", "early_seconds", "early_minutes", "punch_count",
)  # fmt: skip


def trace_of(explanation: dict[str, Any]) -> DayTrace:
    """What the rules need of an explanation: its steps, in order. Candidates, punches and words stay out."""
    version = explanation["rule_version"]
    steps = tuple(
        Step(
            figure=step["figure"],
            rule=step["rule"],
            source=step["source"],
            rule_version=version,
            threshold=step["threshold"] or {},
            inputs={given["name"]: given["value"] for given in step["inputs"]},
            value="not to be read",
            unit=step["unit"] or "",
            outcome="not to be read",
        )
        for step in explanation["steps"]
        if step["figure"] is not None
    )
    order = BUILT_IN[version.partition("/")[0]].order
    return DayTrace(0, "", 0, order, version, "", "", Recorded(), (), (), steps, ())


def figures_of(day: dict[str, Any]) -> dict[str, Any]:
    """The figures of a day of the wire in the rules' own values."""
    return {name: day[name] for name in AS_STORED} | {
        "status": Status[day["status"]].value,
        "base_status": Status[day["base_status"]].value,
        "code": CODES.index(day["code"]),
        "other_half": OtherHalf[(day["other_half"] or "none").upper()].value,
        "pending_reason": PendingReason[day["pending_reason"] or "NONE"].value,
        "leave_fraction": round(float(day["leave_fraction"] or 0) * 100),
        "first_in": clock(day["first_in"]),
        "last_out": clock(day["last_out"]),
        "hours": round(float(day["hours"]) * 100),
        "incidents": sum(Incident[name] for name in day["incidents"]),
    }


def clock(text: str | None) -> int | None:
    """A wall-clock time as seconds since 1970."""
    return None if text is None else int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
