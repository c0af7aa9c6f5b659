# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The plan_runs of `Mill`."""

from __future__ import annotations

from typing import Literal

from service.client._desk import Desk
from service.client._message import etag_text, segment
from service.client._options import CallOptions
from service.schemas.envelope import Explanation
from service.schemas.mill.comparing import MillComparison
from service.schemas.mill.order_list import MillPlanOrderList
from service.schemas.mill.plan_parts import MillActionAsk, MillPlanAction
from service.schemas.mill.plans import MillPlanParams, MillPlanRun


class MillPlanRuns(Desk):
    """The plan_runs of `Mill`."""

    async def start_plan(self, body: MillPlanParams, *, options: CallOptions | None = None) -> MillPlanRun:
        """Make a plan.

        The plan's number at once; the run that makes it has progress, events and cancel (`/v1/runs/{id}`).

        One plan of a kind at a time: another is refused (409 `run_active`) until it ends.
        """
        return await self._call(MillPlanRun, "POST", "/v1/mill/plan-runs", body=body, options=options)

    async def plan(self, plan: str, *, options: CallOptions | None = None) -> MillPlanRun:
        """One plan: how far it is, what it found, what is doubtful about it.

        `gates` are the doubts about the data it stood on, `assumptions` what was not known and taken as
        so.

        - plan: Number of a plan, or `latest`.
        """
        return await self._call(MillPlanRun, "GET", f"/v1/mill/plan-runs/{segment(plan)}", options=options)

    async def decide_action(
        self,
        plan: str,
        seq: int,
        body: MillActionAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> MillPlanAction:
        """Accept, dismiss or assign an advice.

        Accepted advice is on the order list. The next plan carries what is decided on to the same advice.

        - plan: Number of a plan, or `latest`.
        - seq: Number of the advice within its plan.
        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            MillPlanAction,
            "PATCH",
            f"/v1/mill/plan-runs/{segment(plan)}/actions/{segment(seq)}",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def compare_plans(
        self,
        plan: str,
        other: str,
        *,
        yarn: str | None = None,
        order: str | None = None,
        options: CallOptions | None = None,
    ) -> MillComparison:
        """What a plan finds otherwise than an earlier one, and why.

        Yarns, orders and advice that differ, each with what changed in the data and may have made it so.

        Of plans of different kinds the parts that both have are compared, `left_out` names the others.

        - plan: Number of a plan, or `latest`.
        - other: Number of an earlier plan, or `previous`: the last of the kind before.
        - yarn: Of yarns only this one.
        - order: Of orders only this one.
        """
        return await self._call(
            MillComparison,
            "GET",
            f"/v1/mill/plan-runs/{segment(plan)}/compare/{segment(other)}",
            query={"yarn": yarn, "order": order},
            options=options,
        )

    async def explain_plan(
        self,
        plan: str,
        *,
        yarn: str | None = None,
        week: int | None = None,
        order: str | None = None,
        action: int | None = None,
        figure: str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of a plan is what it is.

        Of a yarn (with `week` of that week, with `order` what the order needs), of an order, or of an
        advice.

        The figure can be recomputed from the answer alone: its rule says how, its inputs are all there.

        - plan: Number of a plan, or `latest`.
        - yarn: Code of a yarn.
        - week: Bucket of a week of the yarn, 0 is this one.
        - order: Number of an order; with `yarn` what it needs of it.
        - action: Number of an advice.
        - figure: Of a week: balance, receipts, demand, shortage, new_shortage, planned, available; of a
        yarn: first_short_on, gross, undated, beyond, past_due, planned, largest_short, weeks_of_supply; of
        an order: coverage, ready_on, quantity.
        - locale: Language of the page.
        """
        return await self._call(
            Explanation,
            "GET",
            f"/v1/mill/plan-runs/{segment(plan)}/explain",
            query={
                "yarn": yarn,
                "week": week,
                "order": order,
                "action": action,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )

    async def plan_order_list(self, plan: str, *, options: CallOptions | None = None) -> MillPlanOrderList:
        """What was accepted of a plan, by supplier.

        To be sent as it is: quantities, when each leaves and is needed; in a file no text is a formula.

        - plan: Number of a plan, or `latest`.
        """
        return await self._call(
            MillPlanOrderList,
            "GET",
            f"/v1/mill/plan-runs/{segment(plan)}/order-list",
            options=options,
        )

    async def publish_plan(self, plan: str, *, options: CallOptions | None = None) -> MillPlanRun:
        """Make a plan the mill's plan of its kind.

        One pointer is moved; the plan before stays as it is. A published plan is never forgotten.

        - plan: Number of a plan, or `latest`.
        """
        return await self._call(
            MillPlanRun,
            "POST",
            f"/v1/mill/plan-runs/{segment(plan)}/publish",
            options=options,
        )
