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
from service.schemas.mill.comparing import MillComparison, MillWhatIf, MillWhatIfAsk
from service.schemas.mill.imports import MillFileKind, MillImportReport
from service.schemas.mill.parameters import MillParameters, MillParametersAsk, MillParametersDescribed
from service.schemas.mill.plan_parts import MillActionAsk, MillPlanAction
from service.schemas.mill.plans import MillPlanParams, MillPlanRun


class Mill(MillReports, MillEntities):
    """Which yarn runs short, when, because of which orders; what the machines knit, at what cost."""

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

    async def parameters(self, *, options: CallOptions | None = None) -> MillParameters:
        """The planning parameters in force.

        One set, which all screens and plans read; each plan tells which of it was not the default.
        """
        return await self._call(MillParameters, "GET", "/v1/mill/parameters", options=options)

    async def put_parameters(
        self,
        body: MillParametersAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> MillParameters:
        """Put planning parameters in force.

        What is not named stays. Plans that were made keep the values they were made with.

        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            MillParameters,
            "PUT",
            "/v1/mill/parameters",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def parameters_described(self, *, options: CallOptions | None = None) -> MillParametersDescribed:
        """What each planning parameter means.

        A JSON schema with meaning, origin, range and default of each.
        """
        return await self._call(
            MillParametersDescribed,
            "GET",
            "/v1/mill/parameters/described",
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

    async def what_if(self, body: MillWhatIfAsk, *, options: CallOptions | None = None) -> MillWhatIf:
        """What would be if.

        The plan of what is there now, beside that of the same with the changes; nothing is written.

        A receipt that comes late or not at all also tells which orders it harms.
        """
        return await self._call(MillWhatIf, "POST", "/v1/mill/what-if", body=body, options=options)


class MillSync(DeskSync):
    """`Mill`, blocking."""

    imports = BlockingList(Mill.imports)
    import_file = Blocking(Mill.import_file)
    import_ = Blocking(Mill.import_)
    parameters = Blocking(Mill.parameters)
    put_parameters = Blocking(Mill.put_parameters)
    parameters_described = Blocking(Mill.parameters_described)
    plans = BlockingList(Mill.plans)
    start_plan = Blocking(Mill.start_plan)
    plan = Blocking(Mill.plan)
    plan_actions = BlockingList(Mill.plan_actions)
    decide_action = Blocking(Mill.decide_action)
    plan_allocations = BlockingList(Mill.plan_allocations)
    compare_plans = Blocking(Mill.compare_plans)
    plan_orders = BlockingList(Mill.plan_orders)
    plan_pegs = BlockingList(Mill.plan_pegs)
    publish_plan = Blocking(Mill.publish_plan)
    plan_requirements = BlockingList(Mill.plan_requirements)
    plan_weeks = BlockingList(Mill.plan_weeks)
    plan_yarns = BlockingList(Mill.plan_yarns)
    reports = Blocking(Mill.reports)
    export = Blocking(Mill.export)
    what_if = Blocking(Mill.what_if)
