# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The entities of `Mill`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from service.client._desk import Desk, Pages
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.envelope import Listing
from service.schemas.mill.allocations import MillAllocation, MillAllocations
from service.schemas.mill.imports import (
    MillFileKind,
    MillImportLine,
    MillImportMessages,
    MillImportReport,
    MillImports,
)
from service.schemas.mill.orders import MillOrder, MillOrders, MillOrderStatus
from service.schemas.mill.plan_parts import (
    MillActionKind,
    MillPlanAction,
    MillPlanActions,
    MillPlanAllocation,
    MillPlanAllocations,
    MillPlanOrder,
    MillPlanOrders,
    MillPlanPeg,
    MillPlanPegs,
    MillPlanRequirement,
    MillPlanRequirements,
    MillPlanWeek,
    MillPlanWeeks,
    MillPlanYarn,
    MillPlanYarns,
)
from service.schemas.mill.plans import MillPlanKind, MillPlanRun, MillPlans
from service.schemas.mill.plant import MillMachine, MillMachineListing, MillMachineStatus
from service.schemas.mill.recipes import MillStyle, MillStyles
from service.schemas.mill.schedules import MillLoad, MillLoads, MillOperation, MillOperations
from service.schemas.mill.yarns import (
    MillReceiptItem,
    MillReceiptListing,
    MillSupplierItem,
    MillSupplierListing,
    YarnItem,
    YarnListing,
)
from service.schemas.subscriptions import Delivery, Subscription

YarnsSort = Literal[
    "yarn_code",
    "planning_balance",
    "-planning_balance",
    "theoretical_balance",
    "-theoretical_balance",
]


class MillEntities(Desk):
    """The entities of `Mill`."""

    def allocations(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        order: str | None = None,
        yarn: str | None = None,
        kind: Literal["hard", "soft", "expected"] | None = None,
        live: bool | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillAllocation, MillAllocations]:
        """What is allocated to whom.

        The newest first; totals are over the whole filter.

        - order: Only of this order, by its number.
        - yarn: Only of this yarn, by its code.
        - kind: Only of this kind.
        - live: False: those that were released as well.
        """
        return self._list(
            MillAllocation,
            MillAllocations,
            "/v1/mill/allocations",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "order": order,
                "yarn": yarn,
                "kind": kind,
                "live": live,
            },
            options,
        )

    def imports(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        kind: MillFileKind | None = None,
        mode: Literal["dry_run", "strict", "lenient"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillImportReport, MillImports]:
        """Files that were read, the newest first.

        Each without its messages: those are with the import itself.

        - kind: Only files of this kind.
        - mode: Only files that were read so.
        """
        return self._list(
            MillImportReport,
            MillImports,
            "/v1/mill/imports",
            {"limit": limit, "cursor": cursor, "include": include, "kind": kind, "mode": mode},
            options,
        )

    def import_errors(
        self,
        job_id: int,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        severity: Literal["error", "warning", "info"] | None = None,
        code: str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillImportLine, MillImportMessages]:
        """What was told of a file's rows.

        By row and column, information too, at most 10,000 of a file: errors were kept before warnings.

        As `format=csv` or `xlsx` all at once, with the cells of the row beside each message.

        - job_id: Of the import.
        - severity: Only what is so bad.
        - code: Only of this code, such as `NUM_FORMAT`.
        """
        return self._list(
            MillImportLine,
            MillImportMessages,
            f"/v1/mill/imports/{segment(job_id)}/errors",
            {"limit": limit, "cursor": cursor, "include": include, "severity": severity, "code": code},
            options,
        )

    def machines(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        work_center: str | None = None,
        status: MillMachineStatus | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillMachine, MillMachineListing]:
        """By code.

        - work_center: Only of this work centre.
        - status: Only in this status.
        """
        return self._list(
            MillMachine,
            MillMachineListing,
            "/v1/mill/machines",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "work_center": work_center,
                "status": status,
            },
            options,
        )

    def orders(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        status: Sequence[MillOrderStatus] | None = None,
        style: str | None = None,
        customer: str | None = None,
        priority: int | None = None,
        due_from: date | str | None = None,
        due_to: date | str | None = None,
        late: bool | None = None,
        as_of: date | str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillOrder, MillOrders]:
        """Knit orders, in the order of service.

        By priority, due date (a missing one last) and number; totals are over the whole filter.

        - status: Any of these.
        - style: Only of this style, by its code.
        - customer: Only for this customer.
        - priority: 1 critical to 4 low.
        - due_from: Due on this day or later.
        - due_to: Due on this day or before.
        - late: Open, and due before the day that is asked about; or not.
        - as_of: Day that is asked about; default: the day of the newest stock, else today at the mill.
        """
        return self._list(
            MillOrder,
            MillOrders,
            "/v1/mill/orders",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "status": status,
                "style": style,
                "customer": customer,
                "priority": priority,
                "due_from": due_from,
                "due_to": due_to,
                "late": late,
                "as_of": as_of,
            },
            options,
        )

    def plans(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        kind: MillPlanKind | None = None,
        status: Literal["queued", "running", "done", "failed", "cancelled"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillPlanRun, MillPlans]:
        """Plans, newest first.

        Those under way too.

        - kind: Only plans of this kind.
        - status: Only plans in this status.
        """
        return self._list(
            MillPlanRun,
            MillPlans,
            "/v1/mill/plan-runs",
            {"limit": limit, "cursor": cursor, "include": include, "kind": kind, "status": status},
            options,
        )

    def plan_actions(
        self,
        plan: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        yarn: str | None = None,
        action: MillActionKind | None = None,
        state: Literal["open", "accepted", "dismissed", "superseded"] | None = None,
        assignee: str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillPlanAction, MillPlanActions]:
        """What a plan advises.

        Each with the values that led to it and what was decided; nothing of it is done by itself.

        - plan: Number of a plan, or `latest`.
        - yarn: Only this yarn, by its code.
        - action: Only advice of this kind.
        - state: Only advice in this state.
        - assignee: Only what this person has been given.
        """
        return self._list(
            MillPlanAction,
            MillPlanActions,
            f"/v1/mill/plan-runs/{segment(plan)}/actions",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "yarn": yarn,
                "action": action,
                "state": state,
                "assignee": assignee,
            },
            options,
        )

    def plan_allocations(
        self,
        plan: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        yarn: str | None = None,
        order: str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillPlanAllocation, MillPlanAllocations]:
        """What a plan promises to orders.

        By yarn in the order of service; nothing is held by it until it is committed.

        - plan: Number of a plan, or `latest`.
        - yarn: Only this yarn, by its code.
        - order: Only this order, by its number.
        """
        return self._list(
            MillPlanAllocation,
            MillPlanAllocations,
            f"/v1/mill/plan-runs/{segment(plan)}/allocations",
            {"limit": limit, "cursor": cursor, "include": include, "yarn": yarn, "order": order},
            options,
        )

    def plan_orders(
        self,
        plan: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        order: str | None = None,
        kind: Literal["firm", "planned", "forecast"] | None = None,
        kit: Literal["READY", "PARTIAL", "WAITING", "SHORT"] | None = None,
        plannable: bool | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillPlanOrder, MillPlanOrders]:
        """Orders as a plan saw them.

        In the order of service, those too that the plan adds for sales and forecasts.

        - plan: Number of a plan, or `latest`.
        - order: Only this order, by its number.
        - kind: Only orders of this kind.
        - kit: Only orders with this state of their yarn.
        - plannable: Only orders whose yarn is known, or is not.
        """
        return self._list(
            MillPlanOrder,
            MillPlanOrders,
            f"/v1/mill/plan-runs/{segment(plan)}/orders",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "order": order,
                "kind": kind,
                "kit": kit,
                "plannable": plannable,
            },
            options,
        )

    def plan_pegs(
        self,
        plan: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        yarn: str | None = None,
        order: str | None = None,
        supply: Literal["stock", "receipt", "planned", "unmet"] | None = None,
        receipt_id: int | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillPlanPeg, MillPlanPegs]:
        """Which supply serves which order.

        Every pound that an order needs is on a peg or unmet; with `receipt_id` up from a purchase.

        - plan: Number of a plan, or `latest`.
        - yarn: Only this yarn, by its code.
        - order: Only this order, by its number.
        - supply: Only pegs to this kind of supply.
        - receipt_id: Only pegs to this receipt.
        """
        return self._list(
            MillPlanPeg,
            MillPlanPegs,
            f"/v1/mill/plan-runs/{segment(plan)}/pegs",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "yarn": yarn,
                "order": order,
                "supply": supply,
                "receipt_id": receipt_id,
            },
            options,
        )

    def plan_requirements(
        self,
        plan: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        yarn: str | None = None,
        order: str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillPlanRequirement, MillPlanRequirements]:
        """What orders need of yarns.

        By yarn, order and path through the recipe.

        - plan: Number of a plan, or `latest`.
        - yarn: Only this yarn, by its code.
        - order: Only this order, by its number.
        """
        return self._list(
            MillPlanRequirement,
            MillPlanRequirements,
            f"/v1/mill/plan-runs/{segment(plan)}/requirements",
            {"limit": limit, "cursor": cursor, "include": include, "yarn": yarn, "order": order},
            options,
        )

    def plan_weeks(
        self,
        plan: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        yarn: str | None = None,
        short: bool | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillPlanWeek, MillPlanWeeks]:
        """Balances of yarns week by week.

        By yarn and week: what comes, what is wanted, what is left, without and with what the plan advises.

        - plan: Number of a plan, or `latest`.
        - yarn: Only this yarn, by its code.
        - short: Only weeks that are short, or that are not.
        """
        return self._list(
            MillPlanWeek,
            MillPlanWeeks,
            f"/v1/mill/plan-runs/{segment(plan)}/weeks",
            {"limit": limit, "cursor": cursor, "include": include, "yarn": yarn, "short": short},
            options,
        )

    def plan_yarns(
        self,
        plan: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        yarn: str | None = None,
        short: bool | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillPlanYarn, MillPlanYarns]:
        """Yarns as a plan saw them.

        When each runs short first, because of which orders, and every order that suffers.

        - plan: Number of a plan, or `latest`.
        - yarn: Only this yarn, by its code.
        - short: Only yarns that run short, or that do not.
        """
        return self._list(
            MillPlanYarn,
            MillPlanYarns,
            f"/v1/mill/plan-runs/{segment(plan)}/yarns",
            {"limit": limit, "cursor": cursor, "include": include, "yarn": yarn, "short": short},
            options,
        )

    def receipt_list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        yarn: str | None = None,
        supplier: str | None = None,
        po: str | None = None,
        kind: Literal["past_due", "dated", "later"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillReceiptItem, MillReceiptListing]:
        """What purchases still bring.

        By day; what is past due or later has none and comes last.

        - yarn: Code of a yarn.
        - supplier: Code of a supplier.
        - po: Number of a purchase order.
        - kind: Only past due, dated, or for later.
        """
        return self._list(
            MillReceiptItem,
            MillReceiptListing,
            "/v1/mill/receipts",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "yarn": yarn,
                "supplier": supplier,
                "po": po,
                "kind": kind,
            },
            options,
        )

    def schedule_load(
        self,
        *,
        plan: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        work_center: str | None = None,
        level: Literal["OK", "WARNING", "CRITICAL", "OVERLOAD"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillLoad, MillLoads]:
        """How full work centres are, week by week.

        What the schedule puts into each week, and what due dates ask for: above 85 % WARNING, above 95 %
        CRITICAL, above 100 % OVERLOAD (parameters `utilisation_warning`, `utilisation_critical`).

        - plan: Number of a plan, `published` or `latest`; default: the published schedule, else the
        latest.
        - work_center: Only this work centre.
        - level: Only weeks of this level.
        """
        return self._list(
            MillLoad,
            MillLoads,
            "/v1/mill/schedule/load",
            {
                "plan": plan,
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "work_center": work_center,
                "level": level,
            },
            options,
        )

    def schedule_operations(
        self,
        *,
        machine: str | None = None,
        work_center: str | None = None,
        order: str | None = None,
        late: bool | None = None,
        plan: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillOperation, MillOperations]:
        """The operations of a schedule by pages.

        In the order of time.

        - machine: Only on this machine.
        - work_center: Only of this work centre.
        - order: Only of this order.
        - late: Only those that end late, or only those that do not.
        - plan: Number of a plan, `published` or `latest`; default: the published schedule, else the
        latest.
        """
        return self._list(
            MillOperation,
            MillOperations,
            "/v1/mill/schedule/operations",
            {
                "machine": machine,
                "work_center": work_center,
                "order": order,
                "late": late,
                "plan": plan,
                "limit": limit,
                "cursor": cursor,
                "include": include,
            },
            options,
        )

    def styles(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        q: str | None = None,
        stage: Literal["greige", "finished", "other"] | None = None,
        bom_status: Literal["none", "ok", "near", "incomplete", "rejected"] | None = None,
        work_center: str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillStyle, MillStyles]:
        """By code.

        - q: A part of the code.
        - stage: Only greige, finished or other ones.
        - bom_status: How far the recipe can be trusted.
        - work_center: Only those knitted there.
        """
        return self._list(
            MillStyle,
            MillStyles,
            "/v1/mill/styles",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "q": q,
                "stage": stage,
                "bom_status": bom_status,
                "work_center": work_center,
            },
            options,
        )

    def subscriptions(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Subscription]:
        """Your scheduled reports, newest first.

        An admin of the desk sees everybody's. Those that have ended are not listed.
        """
        return self._list(
            Subscription,
            Listing[Subscription],
            "/v1/mill/subscriptions",
            {"limit": limit, "cursor": cursor, "include": include},
            options,
        )

    def deliveries(
        self,
        subscription_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Delivery]:
        """What became of each delivery, newest first."""
        return self._list(
            Delivery,
            Listing[Delivery],
            f"/v1/mill/subscriptions/{segment(subscription_id)}/deliveries",
            {"limit": limit, "cursor": cursor, "include": include},
            options,
        )

    def suppliers(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        q: str | None = None,
        origin: Literal["domestic", "international", "unknown"] | None = None,
        only_active: bool | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillSupplierItem, MillSupplierListing]:
        """Suppliers, what they owe and how late they are.

        By code, with the yarns that nobody else is named for.

        - q: Text that the code or the name holds.
        - origin: Only from there.
        - only_active: Without those that files mark as removed.
        """
        return self._list(
            MillSupplierItem,
            MillSupplierListing,
            "/v1/mill/suppliers",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "q": q,
                "origin": origin,
                "only_active": only_active,
            },
            options,
        )

    def yarns(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        q: str | None = None,
        supplier: str | None = None,
        color: str | None = None,
        status: Literal["active", "hold", "obsolete"] | None = None,
        risk: Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"] | None = None,
        min_planning_balance: Decimal | float | str | None = None,
        max_planning_balance: Decimal | float | str | None = None,
        stocked: bool | None = None,
        sort: YarnsSort | None = None,
        fields: str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[YarnItem, YarnListing]:
        """Yarns and what lies in store of them.

        Filtered and sorted; the risk is by planning balance.

        - q: Text that the code or the description holds.
        - supplier: Code of a supplier.
        - color: Only of this colour, as the inventory has it.
        - status: Of the inventory.
        - risk: Only yarns of this risk.
        - min_planning_balance: At least, in pounds.
        - max_planning_balance: At most, in pounds.
        - stocked: Yarns of the inventory; false: those that only recipes and purchases name.
        - sort: A minus sorts downwards.
        - fields: Only these fields of each yarn, by commas; `yarn_code` is always there.
        """
        return self._list(
            YarnItem,
            YarnListing,
            "/v1/mill/yarns",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "q": q,
                "supplier": supplier,
                "color": color,
                "status": status,
                "risk": risk,
                "min_planning_balance": min_planning_balance,
                "max_planning_balance": max_planning_balance,
                "stocked": stocked,
                "sort": sort,
                "fields": fields,
            },
            options,
        )
