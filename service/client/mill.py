# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Mill`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from datetime import date
from typing import Literal

from service.client._blocking import Blocking, BlockingList, BlockingReport, DeskSync
from service.client._message import segment
from service.client._mill_allocations import MillAllocations
from service.client._mill_calendars import MillCalendars
from service.client._mill_costs import MillCosts
from service.client._mill_entities import MillEntities
from service.client._mill_explanations import MillExplanations
from service.client._mill_machines import MillMachines
from service.client._mill_orders import MillOrders
from service.client._mill_parameters import MillParameters
from service.client._mill_plan_runs import MillPlanRuns
from service.client._mill_reports import MillReports
from service.client._mill_schedule import MillSchedule
from service.client._mill_subscriptions import MillSubscriptions
from service.client._mill_substitutes import MillSubstitutes
from service.client._mill_yarns import MillYarns
from service.client._options import CallOptions
from service.schemas.envelope import Catalogue, Run
from service.schemas.mill.comparing import MillWhatIf, MillWhatIfAsk
from service.schemas.mill.costs import MillCostRunAsk
from service.schemas.mill.imports import MillFileKind, MillImportReport
from service.schemas.mill.netting import MillNetting, MillNettingAsk
from service.schemas.mill.plans import MillPlanRun
from service.schemas.mill.plant import MillCenterCapacities, MillMachineCapacities
from service.schemas.mill.recipes import (
    MillBom,
    MillConversion,
    MillConvertAsk,
    MillExplodeAsk,
    MillExploded,
    MillStyleDetail,
    MillWhereUsed,
    MillYarnNeeds,
    MillYarnNeedsAsk,
)
from service.schemas.mill.schedules import MillPublished, MillScheduleParams
from service.schemas.statements import Statement, StatementAsk


class Mill(
    MillReports,
    MillExplanations,
    MillEntities,
    MillAllocations,
    MillCalendars,
    MillCosts,
    MillMachines,
    MillOrders,
    MillParameters,
    MillPlanRuns,
    MillSchedule,
    MillSubscriptions,
    MillSubstitutes,
    MillYarns,
):
    """Which yarn runs short, when, because of which orders; what the machines knit, at what cost."""

    async def explode(self, body: MillExplodeAsk, *, options: CallOptions | None = None) -> MillExploded:
        """Pounds of yarn for quantities of styles, over every level.

        Way by way with the pounds of each level, and in all; a style in a circle is left out and told.

        `netted` takes fabric in stages off the demand (F01, I01, G02, G00, knit orders) and the
        theoretical balance off the yarn, as if nobody else needed either: R8, nothing is netted twice.
        """
        return await self._call(MillExploded, "POST", "/v1/mill/bom/explode", body=body, options=options)

    async def capacity_machines(
        self,
        *,
        weeks: int | None = None,
        work_center: str | None = None,
        options: CallOptions | None = None,
    ) -> MillMachineCapacities:
        """What machines can do, and what the published schedule has them do.

        From the begin of today at the mill. `rating` by pounds a day: EXCELLENT from 2,000, GOOD from
        1,000, AVERAGE from 500, BELOW_AVERAGE from 100, else POOR.

        - weeks: ISO weeks, what is left of this one first.
        - work_center: Only this work centre.
        """
        return await self._call(
            MillMachineCapacities,
            "GET",
            "/v1/mill/capacity/machines",
            query={"weeks": weeks, "work_center": work_center},
            options=options,
        )

    async def capacity_centers(
        self,
        *,
        weeks: int | None = None,
        work_center: str | None = None,
        options: CallOptions | None = None,
    ) -> MillCenterCapacities:
        """What work centres can do, and what open orders ask of them.

        From the begin of today at the mill. Load is what orders due in these weeks ask for, whatever there
        is room for: above 85 % WARNING, above 95 % CRITICAL, above 100 % OVERLOAD.

        - weeks: ISO weeks, what is left of this one first.
        - work_center: Only this work centre.
        """
        return await self._call(
            MillCenterCapacities,
            "GET",
            "/v1/mill/capacity/work-centers",
            query={"weeks": weeks, "work_center": work_center},
            options=options,
        )

    async def cost_run(self, body: MillCostRunAsk, *, options: CallOptions | None = None) -> Run:
        """The cost of every style as a file, in the background.

        The report `style-costs`, written by a run; its file is at `/v1/runs/{id}/file`.
        """
        return await self._call(Run, "POST", "/v1/mill/cost-runs", body=body, options=options)

    async def export_table(
        self,
        table: str,
        *,
        format_: Literal["csv", "xlsx"] | None = None,
        options: CallOptions | None = None,
    ) -> str:
        """What is in force, as a file that can be imported.

        `table` is a kind of file; columns are those of its import, and a text is never a formula.

        Of `yarn_demand` the weekly report is written, of `sales` what was invoiced.

        - table: A kind of file, such as `yarn_inventory`.
        - format_: Of the file.
        """
        return await self._call(
            str,
            "GET",
            f"/v1/mill/export/{segment(table)}",
            query={"format": format_},
            options=options,
        )

    async def convert_fabric(
        self,
        body: MillConvertAsk,
        *,
        options: CallOptions | None = None,
    ) -> MillConversion:
        """A quantity of fabric in another unit, with the factors used.

        By yards per pound, else ounces per yard, else width and weight; never by a constant nobody stated.
        """
        return await self._call(MillConversion, "POST", "/v1/mill/fabric/convert", body=body, options=options)

    async def fabric_yarn_requirements(
        self,
        body: MillYarnNeedsAsk,
        *,
        options: CallOptions | None = None,
    ) -> MillYarnNeeds:
        """Yarn for finished fabric, with waste and shrinkage.

        Waste and shrinkage are multiplied, not added; recipes with losses of their own keep those.
        """
        return await self._call(
            MillYarnNeeds,
            "POST",
            "/v1/mill/fabric/yarn-requirements",
            body=body,
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
        - snapshot_date: The day that the file speaks of, none to come; default: today at the mill.
        - lead_unit: Unit of the lead times of `suppliers`: the file does not say, and nothing is guessed.
        - allow_shrink: Take a snapshot that lacks more than a fifth of the one in force.
        - close_missing: Of `knit_orders`: open orders that the file does not have are completed.
        - normalise: Of `bom`: recipes that add to nearly 1 are scaled to 1.
        - sheet: Sheet of a workbook; default: the first filled one.
        - name: The file's name, for people to read; the stage of rolls without a column for it stands
        there: `F01.csv`.
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

        - job_id: Of the import.
        """
        return await self._call(
            MillImportReport,
            "GET",
            f"/v1/mill/imports/{segment(job_id)}",
            options=options,
        )

    async def netting(self, body: MillNettingAsk, *, options: CallOptions | None = None) -> MillNetting:
        """Finished demand against fabric in stages, from one shared pool.

        In the order of service; each pound is used once. By week of the due date, too.
        """
        return await self._call(MillNetting, "POST", "/v1/mill/netting", body=body, options=options)

    async def reports(self, *, options: CallOptions | None = None) -> Catalogue:
        """The reports of mill.

        Names, titles, formats and parameters (JSON schema) of every report.
        """
        return await self._call(Catalogue, "GET", "/v1/mill/reports", options=options)

    async def start_schedule(
        self,
        body: MillScheduleParams,
        *,
        options: CallOptions | None = None,
    ) -> MillPlanRun:
        """Make a schedule.

        A planning run of the kind `schedule`: its number at once, its progress at `/v1/runs/{id}`.

        One at a time: another is refused (409 `run_active`) until it ends.
        """
        return await self._call(MillPlanRun, "POST", "/v1/mill/schedule-runs", body=body, options=options)

    async def publish_schedule(self, plan: str, *, options: CallOptions | None = None) -> MillPublished:
        """Make a schedule the mill's.

        Its orders get machine and day of it. Publish the one before again to take it back.

        - plan: Number of a plan, or `latest`.
        """
        return await self._call(
            MillPublished,
            "POST",
            f"/v1/mill/schedule-runs/{segment(plan)}/publish",
            options=options,
        )

    async def seal(self, body: StatementAsk, *, options: CallOptions | None = None) -> Statement:
        """Seal a report as a statement.

        The report as it reads now, with its completeness, versions and hash; it never changes. A report
        that is not complete is refused unless `accept_incomplete`.
        """
        return await self._call(Statement, "POST", "/v1/mill/statements", body=body, options=options)

    async def style(self, code: str, *, options: CallOptions | None = None) -> MillStyleDetail:
        """One style.

        With the other names it goes by.

        - code: Code of the style; it may hold a `/` and blanks.
        """
        return await self._call(MillStyleDetail, "GET", f"/v1/mill/styles/{segment(code)}", options=options)

    async def style_bom(
        self,
        code: str,
        *,
        as_of: date | str | None = None,
        options: CallOptions | None = None,
    ) -> MillBom:
        """The recipe of a style as a tree.

        Each part with its pounds for a pound on top, losses of every level included.

        - code: Code of the style; it may hold a `/` and blanks.
        - as_of: Day that is asked about; default: the day of the newest stock, else today at the mill.
        """
        return await self._call(
            MillBom,
            "GET",
            f"/v1/mill/styles/{segment(code)}/bom",
            query={"as_of": as_of},
            options=options,
        )

    async def what_if(self, body: MillWhatIfAsk, *, options: CallOptions | None = None) -> MillWhatIf:
        """What would be if.

        The plan of what is there now, beside that of the same with the changes; nothing is written.

        A receipt that comes late or not at all also tells which orders it harms.
        """
        return await self._call(MillWhatIf, "POST", "/v1/mill/what-if", body=body, options=options)

    async def where_used(
        self,
        yarn: str,
        *,
        as_of: date | str | None = None,
        options: CallOptions | None = None,
    ) -> MillWhereUsed:
        """Where a yarn is used.

        The recipes read upwards, over every level, with the pounds of the yarn for a pound of each style.

        - yarn: Code of the yarn; it may hold a `/` and blanks.
        - as_of: Day that is asked about; default: the day of the newest stock, else today at the mill.
        """
        return await self._call(
            MillWhereUsed,
            "GET",
            f"/v1/mill/where-used/{segment(yarn)}",
            query={"as_of": as_of},
            options=options,
        )


class MillSync(DeskSync):
    """`Mill`, blocking."""

    allocations = BlockingList(Mill.allocations)
    commit_allocations = Blocking(Mill.commit_allocations)
    preview_allocations = Blocking(Mill.preview_allocations)
    release_allocation = Blocking(Mill.release_allocation)
    explode = Blocking(Mill.explode)
    calendars = Blocking(Mill.calendars)
    calendar = Blocking(Mill.calendar)
    put_calendar = Blocking(Mill.put_calendar)
    delete_calendar = Blocking(Mill.delete_calendar)
    capacity_machines = Blocking(Mill.capacity_machines)
    capacity_centers = Blocking(Mill.capacity_centers)
    cost_run = Blocking(Mill.cost_run)
    order_cost = Blocking(Mill.order_cost)
    style_cost = Blocking(Mill.style_cost)
    variances = Blocking(Mill.variances)
    export_table = Blocking(Mill.export_table)
    convert_fabric = Blocking(Mill.convert_fabric)
    fabric_yarn_requirements = Blocking(Mill.fabric_yarn_requirements)
    imports = BlockingList(Mill.imports)
    import_file = Blocking(Mill.import_file)
    import_ = Blocking(Mill.import_)
    import_errors = BlockingList(Mill.import_errors)
    machines = BlockingList(Mill.machines)
    machine = Blocking(Mill.machine)
    change_machine = Blocking(Mill.change_machine)
    machine_suggestions = Blocking(Mill.machine_suggestions)
    netting = Blocking(Mill.netting)
    orders = BlockingList(Mill.orders)
    order = Blocking(Mill.order)
    change_order = Blocking(Mill.change_order)
    explain_order = Blocking(Mill.explain_order)
    order_feasibility = Blocking(Mill.order_feasibility)
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
    explain_plan = Blocking(Mill.explain_plan)
    plan_order_list = Blocking(Mill.plan_order_list)
    plan_orders = BlockingList(Mill.plan_orders)
    plan_pegs = BlockingList(Mill.plan_pegs)
    publish_plan = Blocking(Mill.publish_plan)
    plan_requirements = BlockingList(Mill.plan_requirements)
    plan_weeks = BlockingList(Mill.plan_weeks)
    plan_yarns = BlockingList(Mill.plan_yarns)
    receipt_list = BlockingList(Mill.receipt_list)
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
    safety_stock = BlockingReport(Mill.safety_stock)
    safety_stock_explain = Blocking(Mill.safety_stock_explain)
    shortages = BlockingReport(Mill.shortages)
    shortages_explain = Blocking(Mill.shortages_explain)
    stock_value = BlockingReport(Mill.stock_value)
    stock_value_explain = Blocking(Mill.stock_value_explain)
    style_costs = BlockingReport(Mill.style_costs)
    yarn_weeks = BlockingReport(Mill.yarn_weeks)
    yarn_weeks_explain = Blocking(Mill.yarn_weeks_explain)
    export = Blocking(Mill.export)
    schedule = Blocking(Mill.schedule)
    start_schedule = Blocking(Mill.start_schedule)
    publish_schedule = Blocking(Mill.publish_schedule)
    explain_schedule = Blocking(Mill.explain_schedule)
    schedule_gantt = Blocking(Mill.schedule_gantt)
    schedule_load = BlockingList(Mill.schedule_load)
    schedule_operations = BlockingList(Mill.schedule_operations)
    seal = Blocking(Mill.seal)
    styles = BlockingList(Mill.styles)
    style = Blocking(Mill.style)
    style_bom = Blocking(Mill.style_bom)
    subscriptions = BlockingList(Mill.subscriptions)
    subscribe = Blocking(Mill.subscribe)
    subscription = Blocking(Mill.subscription)
    unsubscribe = Blocking(Mill.unsubscribe)
    deliveries = BlockingList(Mill.deliveries)
    resume_subscription = Blocking(Mill.resume_subscription)
    substitutes = Blocking(Mill.substitutes)
    put_substitute = Blocking(Mill.put_substitute)
    delete_substitute = Blocking(Mill.delete_substitute)
    suppliers = BlockingList(Mill.suppliers)
    what_if = Blocking(Mill.what_if)
    where_used = Blocking(Mill.where_used)
    yarns = BlockingList(Mill.yarns)
    yarn = Blocking(Mill.yarn)
    change_yarn = Blocking(Mill.change_yarn)
    yarn_balance = Blocking(Mill.yarn_balance)
    yarn_timeline = Blocking(Mill.yarn_timeline)
