# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Mill`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from datetime import date
from typing import Literal

from service.client._blocking import Blocking, BlockingList, DeskSync
from service.client._message import etag_text, segment
from service.client._mill_entities import MillEntities
from service.client._mill_reports import MillReports
from service.client._options import CallOptions
from service.schemas.envelope import Catalogue
from service.schemas.mill.imports import MillFileKind, MillImportReport
from service.schemas.mill.plan_parts import MillActionAsk, MillPlanAction
from service.schemas.mill.plans import MillPlanParams, MillPlanRun


class Mill(MillReports, MillEntities):
    """Which yarn runs short, when, because of which orders; what the machines knit, at what cost."""

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
    ) -> MillImportReport:
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
        return await self._call(
            MillImportReport,
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


class MillSync(DeskSync):
    """`Mill`, blocking."""

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
    export = Blocking(Mill.export)
