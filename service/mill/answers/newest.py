"""The newest plan, and whether it stands on the data of now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.core.versions import read_versions
from service.mill.queries import scopes
from service.mill.queries.plan_runs import select_latest, select_plan
from service.mill.rules.parameters import DEFAULTS

PlanReason = Literal["NO_PLAN", "PLAN_OLD"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestPlan:
    """The last whole plan. `reason`: why nothing of it is told (NO_PLAN), or only as it was (PLAN_OLD)."""

    id: int | None = None
    as_of: date | None = None
    reason: PlanReason | None = "NO_PLAN"
    policy: str = "exclude"
    weeks: int = DEFAULTS.weeks_horizon
    """How many the plan has: what it needs after them is told as later."""
    gates: Sequence[Mapping[str, Any]] = ()
    assumptions: Sequence[Mapping[str, Any]] = ()
    rules_version: str | None = None

    @property
    def current(self) -> bool:
        """Whether it stands on the data of now."""
        return self.reason is None

    @property
    def missing(self) -> list[str]:
        """What an answer of now says where no plan is current."""
        if self.reason == "NO_PLAN":
            return ["no plan was made: first short days and the demand by week are not known"]
        if self.reason == "PLAN_OLD":
            return [f"plan {self.id} stands on older data: make a new one"]
        return []

    @property
    def doubts(self) -> list[str]:
        """What an answer out of the plan says of its data: its gates, but what is only told."""
        own = [gate for gate in self.gates if gate["severity"] != "info" and gate["code"] != "SOURCE"]
        return [*self.missing, *(_gate(gate) for gate in own)]

    @property
    def notes(self) -> list[str]:
        """Which plan it is, and what it assumes."""
        if self.id is None:
            return []
        told = [f"Plan {self.id} as of {self.as_of}."]
        return told + [f"Assumed: {_assumption(one)}." for one in self.assumptions]


async def newest_plan(conn: ReadConnection) -> NewestPlan:
    """The last plan that was made of everything."""
    number = await select_latest(conn)
    row = None if number is None else await select_plan(conn, number)
    if row is None:
        return NewestPlan()
    parameters = row.params.get("parameters") or {}
    return NewestPlan(
        id=row.id,
        as_of=row.as_of,
        reason=None if await _stands(conn, row) else "PLAN_OLD",
        policy=parameters.get("past_due_policy", "exclude"),
        weeks=int(parameters.get("weeks_horizon", DEFAULTS.weeks_horizon)),
        gates=row.gates,
        assumptions=row.assumptions,
        rules_version=row.data_versions.get("parameters"),
    )


async def _stands(conn: ReadConnection, row: Row[Any]) -> bool:
    """By the data versions that the plan recorded; else by whether anything was raised since it began."""
    versions, raised = await read_versions(conn, scopes.PLANNED)
    kept = {scope: row.data_versions[scope] for scope in versions if scope in row.data_versions}
    if kept:
        return kept == versions
    return raised is None or (row.started_at is not None and raised < row.started_at)


def _gate(gate: Mapping[str, Any]) -> str:
    pounds = "" if gate["pounds_lb"] is None else f", {gate['pounds_lb']} lb"
    return f"{gate['code']}: {gate['message']} ({gate['count']}{pounds})"


def _assumption(one: Mapping[str, Any]) -> str:
    if "parameter" in one:
        return f"{one['parameter']} = {one['value']}"
    return ", ".join(f"{name} {value}" for name, value in one.items())
