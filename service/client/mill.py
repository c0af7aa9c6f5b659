# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Mill`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from datetime import date
from typing import Literal

from service.client._blocking import Blocking, BlockingList, BlockingReport, DeskSync
from service.client._message import etag_text, segment
from service.client._mill_entities import MillEntities
from service.client._mill_explanations import MillExplanations
from service.client._mill_reports import MillReports
from service.client._options import CallOptions
from service.schemas.envelope import Catalogue, Run
from service.schemas.mill.allocations import (
    MillAllocation,
    MillAllocationCommit,
    MillAllocationCommitAsk,
    MillAllocationPreview,
    MillAllocationPreviewAsk,
)
from service.schemas.mill.imports import MillFileKind, MillImportReport
from service.schemas.mill.plan_parts import MillActionAsk, MillPlanAction
from service.schemas.mill.plans import MillPlanParams, MillPlanRun
from service.schemas.statements import Statement, StatementAsk
from service.schemas.subscriptions import NewSubscription, Subscription, SubscriptionAsk


class Mill(MillReports, MillExplanations, MillEntities):
    """Which yarn runs short, when, because of which orders; what the machines knit, at what cost."""

    async def commit_allocations(
        self,
        body: MillAllocationCommitAsk,
        *,
        options: CallOptions | None = None,
    ) -> MillAllocationCommit:
        """Give yarn to orders, never more than there is.

        The yarns are locked and looked at again.

        Where less is left than asked: 409 `stock_changed` with what is left, or with `when_short:
        remaining` what is left, in the order of service. 409 as well where nothing at all is left.
        """
        return await self._call(
            MillAllocationCommit,
            "POST",
            "/v1/mill/allocations/commit",
            body=body,
            options=options,
        )

    async def preview_allocations(
        self,
        body: MillAllocationPreviewAsk,
        *,
        options: CallOptions | None = None,
    ) -> MillAllocationPreview:
        """What orders would get if they were served now; writes nothing.

        In the order of service, out of what nobody holds yet; what the orders hold themselves counts.

        `kit` gives all yarns of an order in the same proportion, so that none of it is stranded.
        """
        return await self._call(
            MillAllocationPreview,
            "POST",
            "/v1/mill/allocations/preview",
            body=body,
            options=options,
        )

    async def release_allocation(
        self,
        number: int,
        *,
        reason: str | None = None,
        options: CallOptions | None = None,
    ) -> MillAllocation:
        """Give an allocation back.

        It stays on record with who released it and why.

        - number: Of the allocation.
        """
        return await self._call(
            MillAllocation,
            "DELETE",
            f"/v1/mill/allocations/{segment(number)}",
            query={"reason": reason},
            options=options,
        )

    async def export_table(
        self,
        table: str,
        *,
        format_: Literal["csv", "xlsx"] | None = None,
        options: CallOptions | None = None,
    ) -> str:
        """What is in force, as a file that can be imported.

        `table` is a kind of file; columns are those of its import, and a text is never a formula.

        Only the mill's weekly report (`yarn_demand`) is not written: it is the mill's own, and only read.
        """
        return await self._call(
            str,
            "GET",
            f"/v1/mill/export/{segment(table)}",
            query={"format": format_},
            options=options,
        )

    async def import_file(
        self,
        body: bytes,
        *,
        kind: MillFileKind,
        mode: Literal["dry_run", "strict", "lenient"] | None = None,
        snapshot_date: date | str | None = None,
        lead_unit: Literal["days", "weeks"] | None = None,
        allow_shrink: bool | None = None,
        close_missing: bool | None = None,
        normalise: bool | None = None,
        sheet: str | None = None,
        name: str | None = None,
        options: CallOptions | None = None,
    ) -> MillImportReport | Run:
        """Import a file of the ERP.

        CSV or XLSX, at most 50 MiB, 500,000 rows and 200 columns.

        The run's result is the report: what was read, repaired and rejected, and why; so is
        `/v1/mill/imports/{job_id}`. A whole file or nothing of it is written; a file that cannot be read
        at all is refused at once (422).

        - kind: What the file is.
        - mode: `strict`: one error and nothing is written, and many warnings are errors; `lenient`: good
        rows are written, bad ones reported; `dry_run`: writes nothing, says what `lenient` would.
        - snapshot_date: The day that the file speaks of; default: today at the mill.
        - lead_unit: Unit of the lead times of `suppliers`: the file does not say, and nothing is guessed.
        - allow_shrink: Take a snapshot that lacks more than a fifth of the one in force.
        - close_missing: Of `knit_orders`: open orders that the file does not have are completed.
        - normalise: Of `bom`: recipes that add to nearly 1 are scaled to 1.
        - sheet: Sheet of a workbook; default: the first filled one.
        - name: The file's name, for people to read.
        """
        return await self._either(
            MillImportReport,
            Run,
            "POST",
            "/v1/mill/imports",
            query={
                "kind": kind,
                "mode": mode,
                "snapshot_date": snapshot_date,
                "lead_unit": lead_unit,
                "allow_shrink": allow_shrink,
                "close_missing": close_missing,
                "normalise": normalise,
                "sheet": sheet,
                "name": name,
            },
            body=body,
            headers={"content-type": "application/octet-stream"},
            options=options,
        )

    async def import_(self, job_id: int, *, options: CallOptions | None = None) -> MillImportReport:
        """What came of a file, row by row.

        The report of spec E.8: rows read, ok, repaired, rejected; sums; what is wrong, by row and column.
        """
        return await self._call(
            MillImportReport,
            "GET",
            f"/v1/mill/imports/{segment(job_id)}",
            options=options,
        )

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

    async def reports(self, *, options: CallOptions | None = None) -> Catalogue:
        """The reports of mill.

        Names, titles, formats and parameters (JSON schema) of every report.
        """
        return await self._call(Catalogue, "GET", "/v1/mill/reports", options=options)

    async def seal(self, body: StatementAsk, *, options: CallOptions | None = None) -> Statement:
        """Seal a report as a statement.

        The report as it reads now, with its completeness, versions and hash; it never changes. A report
        that is not complete is refused unless `accept_incomplete`.
        """
        return await self._call(Statement, "POST", "/v1/mill/statements", body=body, options=options)

    async def subscribe(
        self,
        body: SubscriptionAsk,
        *,
        options: CallOptions | None = None,
    ) -> NewSubscription:
        """Deliver a report on a schedule.

        Into a folder, to a webhook (signed) or by e-mail, with the rights you then have. The secret of a
        webhook is in this answer only.
        """
        return await self._call(NewSubscription, "POST", "/v1/mill/subscriptions", body=body, options=options)

    async def subscription(self, subscription_id: str, *, options: CallOptions | None = None) -> Subscription:
        """One scheduled report."""
        return await self._call(
            Subscription,
            "GET",
            f"/v1/mill/subscriptions/{segment(subscription_id)}",
            options=options,
        )

    async def unsubscribe(self, subscription_id: str, *, options: CallOptions | None = None) -> Subscription:
        """End a scheduled report.

        What was delivered stays on record. Ending twice changes nothing.
        """
        return await self._call(
            Subscription,
            "DELETE",
            f"/v1/mill/subscriptions/{segment(subscription_id)}",
            options=options,
        )

    async def resume_subscription(
        self,
        subscription_id: str,
        *,
        options: CallOptions | None = None,
    ) -> Subscription:
        """Go on with a paused one.

        From the next time it is due; what was missed stays on record as skipped.
        """
        return await self._call(
            Subscription,
            "POST",
            f"/v1/mill/subscriptions/{segment(subscription_id)}/resume",
            options=options,
        )


class MillSync(DeskSync):
    """`Mill`, blocking."""

    allocations = BlockingList(Mill.allocations)
    commit_allocations = Blocking(Mill.commit_allocations)
    preview_allocations = Blocking(Mill.preview_allocations)
    release_allocation = Blocking(Mill.release_allocation)
    export_table = Blocking(Mill.export_table)
    imports = BlockingList(Mill.imports)
    import_file = Blocking(Mill.import_file)
    import_ = Blocking(Mill.import_)
    import_errors = BlockingList(Mill.import_errors)
    plans = BlockingList(Mill.plans)
    start_plan = Blocking(Mill.start_plan)
    plan = Blocking(Mill.plan)
    plan_actions = BlockingList(Mill.plan_actions)
    decide_action = Blocking(Mill.decide_action)
    plan_allocations = BlockingList(Mill.plan_allocations)
    plan_orders = BlockingList(Mill.plan_orders)
    plan_pegs = BlockingList(Mill.plan_pegs)
    publish_plan = Blocking(Mill.publish_plan)
    plan_requirements = BlockingList(Mill.plan_requirements)
    plan_weeks = BlockingList(Mill.plan_weeks)
    plan_yarns = BlockingList(Mill.plan_yarns)
    reports = Blocking(Mill.reports)
    bom_checks = BlockingReport(Mill.bom_checks)
    bom_checks_explain = Blocking(Mill.bom_checks_explain)
    data_quality = BlockingReport(Mill.data_quality)
    data_quality_explain = Blocking(Mill.data_quality_explain)
    forecast_shortages = BlockingReport(Mill.forecast_shortages)
    forecast_shortages_explain = Blocking(Mill.forecast_shortages_explain)
    open_orders = BlockingReport(Mill.open_orders)
    open_orders_explain = Blocking(Mill.open_orders_explain)
    order_list = BlockingReport(Mill.order_list)
    planning_balance = BlockingReport(Mill.planning_balance)
    planning_balance_explain = Blocking(Mill.planning_balance_explain)
    procurement = BlockingReport(Mill.procurement)
    procurement_explain = Blocking(Mill.procurement_explain)
    receipts = BlockingReport(Mill.receipts)
    receipts_explain = Blocking(Mill.receipts_explain)
    requirements = BlockingReport(Mill.requirements)
    requirements_explain = Blocking(Mill.requirements_explain)
    shortages = BlockingReport(Mill.shortages)
    shortages_explain = Blocking(Mill.shortages_explain)
    stock_value = BlockingReport(Mill.stock_value)
    stock_value_explain = Blocking(Mill.stock_value_explain)
    yarn_weeks = BlockingReport(Mill.yarn_weeks)
    yarn_weeks_explain = Blocking(Mill.yarn_weeks_explain)
    export = Blocking(Mill.export)
    seal = Blocking(Mill.seal)
    subscriptions = BlockingList(Mill.subscriptions)
    subscribe = Blocking(Mill.subscribe)
    subscription = Blocking(Mill.subscription)
    unsubscribe = Blocking(Mill.unsubscribe)
    deliveries = BlockingList(Mill.deliveries)
    resume_subscription = Blocking(Mill.resume_subscription)
