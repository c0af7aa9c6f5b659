# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The reports of `Mill`."""

from __future__ import annotations

from datetime import date
from typing import Literal

from service.client._desk import Desk, ReportCall
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.envelope import ReportAnswer, Run
from service.schemas.exports import ExportAsk
from service.schemas.mill.costs import MillStyleCostRow
from service.schemas.mill.order_reports import (
    MillBomCheckRow,
    MillDataQualityRow,
    MillOpenOrderRow,
    MillReceiptRow,
)
from service.schemas.mill.plan_reports import (
    MillBuyAction,
    MillOrderListRow,
    MillProcurementRow,
    MillRequirementRow,
    MillYarnWeekRow,
)
from service.schemas.mill.stock_reports import (
    MillForecastRow,
    MillSafetyStockRow,
    MillStockValueRow,
    YarnBalanceRow,
)


class MillReports(Desk):
    """The reports of `Mill`."""

    def bom_checks(
        self,
        *,
        verdict: Literal["OK", "BOM_SUM_NEAR", "BOM_SUM_OFF"] | None = None,
        style: str | None = None,
        as_of: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[MillBomCheckRow]]:
        """Recipes that do not add up.

        The yarn fractions of each style in force on a day, summed and judged, the yarns that the inventory
        does not know, and the open orders that hang on it.

        - verdict: Only recipes judged so.
        - style: Code of a style.
        - as_of: Lines in force on this day; default the day of the newest stock.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[MillBomCheckRow],
            "/v1/mill/reports/bom-checks",
            {
                "verdict": verdict,
                "style": style,
                "as_of": as_of,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def data_quality(
        self,
        *,
        severity: Literal["error", "warning", "info"] | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[MillDataQualityRow]]:
        """What is wrong with the data.

        What the last file of each kind was found to hold, by code, and what the newest plan met: recipes
        that are not known, yarns nobody counted, receipts past due, with the pounds each touches.

        - severity: Only of this severity.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[MillDataQualityRow],
            "/v1/mill/reports/data-quality",
            {
                "severity": severity,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def forecast_shortages(
        self,
        *,
        supplier: str | None = None,
        q: str | None = None,
        min_urgency: Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"] | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[MillForecastRow]]:
        """Forecast shortages.

        What each yarn lacks over the weeks of the forecast at its weekly demand, the day on which what
        lies there is used up, and how urgent that is.

        - supplier: Code of a supplier.
        - q: Text that the code or the description holds.
        - min_urgency: Only yarns of at least this urgency.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[MillForecastRow],
            "/v1/mill/reports/forecast-shortages",
            {
                "supplier": supplier,
                "q": q,
                "min_urgency": min_urgency,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def open_orders(
        self,
        *,
        status: Literal["pending", "assigned", "in_progress", "on_hold"] | None = None,
        style: str | None = None,
        q: str | None = None,
        late: bool | None = None,
        min_risk: Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"] | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[MillOpenOrderRow]]:
        """Open knit orders.

        Each knit order that is not finished, in the order of service: what remains, when it is due,
        whether its yarn is there, and its risk with the parts it is made of.

        - status: Only orders in this status.
        - style: Code of a style.
        - q: Text that the number or the customer holds.
        - late: Only orders whose due date has passed.
        - min_risk: Only orders of at least this risk.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[MillOpenOrderRow],
            "/v1/mill/reports/open-orders",
            {
                "status": status,
                "style": style,
                "q": q,
                "late": late,
                "min_risk": min_risk,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def order_list(
        self,
        *,
        supplier: str | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[MillOrderListRow]]:
        """Order list.

        The advice of the newest plan that was accepted, by supplier: to be sent, and to be signed. Sums
        are of what is bought; lines that hasten, put off or give back are counted as changes.

        - supplier: Code of a supplier.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[MillOrderListRow],
            "/v1/mill/reports/order-list",
            {
                "supplier": supplier,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def planning_balance(
        self,
        *,
        supplier: str | None = None,
        q: str | None = None,
        as_of: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[YarnBalanceRow]]:
        """Planning balance of every yarn.

        What lies there, what is promised, what is bought, and what is left of it, of every yarn; counts by
        risk, sums, and the health of the mill.

        - supplier: Code of a supplier.
        - q: Text that the code or the description holds.
        - as_of: Day of an earlier inventory that is kept; default the one in force.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[YarnBalanceRow],
            "/v1/mill/reports/planning-balance",
            {
                "supplier": supplier,
                "q": q,
                "as_of": as_of,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def procurement(
        self,
        *,
        action: MillBuyAction | None = None,
        supplier: str | None = None,
        yarn: str | None = None,
        state: Literal["open", "accepted", "dismissed"] | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[MillProcurementRow]]:
        """What to buy and to move.

        The advice of the newest plan for each yarn: lot-sized quantity, need date, the day the order has
        to leave, how late it is, the values that led to it, and approved substitutes.

        - action: Only advice of this kind.
        - supplier: Code of a supplier.
        - yarn: Code of a yarn.
        - state: Only advice in this state.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[MillProcurementRow],
            "/v1/mill/reports/procurement",
            {
                "action": action,
                "supplier": supplier,
                "yarn": yarn,
                "state": state,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def receipts(
        self,
        *,
        kind: Literal["past_due", "dated", "later"] | None = None,
        supplier: str | None = None,
        yarn: str | None = None,
        single_source: bool | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[MillReceiptRow]]:
        """Expected receipts.

        What purchases still bring: past due, on a day, or later; how late each supplier is with all it
        owes, and which yarns hang on one supplier.

        - kind: Only past due, dated, or for later.
        - supplier: Code of a supplier.
        - yarn: Code of a yarn.
        - single_source: Only of yarns that one supplier alone delivers.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[MillReceiptRow],
            "/v1/mill/reports/receipts",
            {
                "kind": kind,
                "supplier": supplier,
                "yarn": yarn,
                "single_source": single_source,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def requirements(
        self,
        *,
        yarn: str | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[MillRequirementRow]]:
        """Yarn requirements.

        Pounds of each yarn that the orders of the newest plan need in each week, with the orders.

        - yarn: Code of a yarn.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[MillRequirementRow],
            "/v1/mill/reports/requirements",
            {"yarn": yarn, "locale": locale, "delimiter": delimiter, "bom": bom, "durations": durations},
            options,
        )

    def safety_stock(
        self,
        *,
        supplier: str | None = None,
        q: str | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[MillSafetyStockRow]]:
        """Safety stock, reorder point and economic quantity.

        What each yarn's demand and lead time ask for: safety stock at the service level, the stock at
        which to order, the quantity that costs least; null where demand, its spread or the cost is
        unknown.

        - supplier: Code of a supplier.
        - q: Text that the code or the description holds.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[MillSafetyStockRow],
            "/v1/mill/reports/safety-stock",
            {
                "supplier": supplier,
                "q": q,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def shortages(
        self,
        *,
        supplier: str | None = None,
        q: str | None = None,
        as_of: date | str | None = None,
        min_risk: Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"] | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[YarnBalanceRow]]:
        """Yarn shortages.

        Yarns whose planning balance is below their least stock, with risk, cover, the first day below zero
        and the orders that cause it. Totals are over the whole filter.

        - supplier: Code of a supplier.
        - q: Text that the code or the description holds.
        - as_of: Day of an earlier inventory that is kept; default the one in force.
        - min_risk: Only yarns of at least this risk.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[YarnBalanceRow],
            "/v1/mill/reports/shortages",
            {
                "supplier": supplier,
                "q": q,
                "as_of": as_of,
                "min_risk": min_risk,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def stock_value(
        self,
        *,
        supplier: str | None = None,
        q: str | None = None,
        as_of: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[MillStockValueRow]]:
        """Value of the stock.

        What lies in store of each yarn times its cost. What is on order is not stock yet; a balance below
        zero stands apart; a yarn without cost is listed, never counted as nothing.

        - supplier: Code of a supplier.
        - q: Text that the code or the description holds.
        - as_of: Day of an earlier inventory that is kept; default the one in force.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[MillStockValueRow],
            "/v1/mill/reports/stock-value",
            {
                "supplier": supplier,
                "q": q,
                "as_of": as_of,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def style_costs(
        self,
        *,
        as_of: date | str | None = None,
        style: str | None = None,
        complete: bool | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[MillStyleCostRow]]:
        """Cost of styles.

        What a pound of every style costs, rolled up from its yarn, and what is missing of it.

        - as_of: Day that is asked about; default: the day of the newest stock, else today at the mill.
        - style: A part of the code.
        - complete: Only those whose cost is known, or is not.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[MillStyleCostRow],
            "/v1/mill/reports/style-costs",
            {
                "as_of": as_of,
                "style": style,
                "complete": complete,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def yarn_weeks(
        self,
        *,
        yarn: str | None = None,
        short: bool | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[MillYarnWeekRow]]:
        """Yarn week by week.

        Receipts, demand and balance of every yarn in each week of the newest plan; of one yarn they are
        computed now.

        - yarn: Code of one yarn, computed now; default all yarns of the newest plan.
        - short: Only yarns that are short on some day, or at the end of some week.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[MillYarnWeekRow],
            "/v1/mill/reports/yarn-weeks",
            {
                "yarn": yarn,
                "short": short,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    async def export(self, report: str, body: ExportAsk, *, options: CallOptions | None = None) -> Run:
        """Write a report as a file, in the background.

        Answers 202 with a run; once done, its file is at `/v1/runs/{id}/file` for 24 hours.
        """
        return await self._call(
            Run,
            "POST",
            f"/v1/mill/reports/{segment(report)}/exports",
            body=body,
            options=options,
        )
