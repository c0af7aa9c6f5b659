# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The explanations of `Mill`."""

from __future__ import annotations

from datetime import date
from typing import Literal

from service.client._desk import Desk
from service.client._options import CallOptions
from service.schemas.envelope import Explanation

ForecastShortagesExplainFigure = Literal[
    "theoretical_balance_lb",
    "balance_lb",
    "weekly_demand_lb",
    "requirement_lb",
    "net_position_lb",
    "net_shortage_lb",
    "stock_out_day",
    "stock_out_week",
    "urgency",
]
OpenOrdersExplainFigure = Literal[
    "balance_lb",
    "completion_percent",
    "over_shipped_percent",
    "days_until_due",
    "risk_score",
    "risk",
    "risk_delivery",
    "risk_quantity",
    "risk_production",
    "risk_material",
]
PlanningBalanceExplainFigure = Literal[
    "theoretical_balance_lb",
    "allocated_lb",
    "on_order_lb",
    "planning_balance_lb",
    "available_now_lb",
    "min_stock_lb",
    "shortage_lb",
    "risk",
    "balance_score",
    "criticality_score",
    "criticality",
    "weekly_demand_lb",
    "weeks_of_supply",
    "first_short_on",
    "first_short_lb",
]
ProcurementExplainFigure = Literal["quantity_lb", "release_date", "days_late", "money", "predecessor_lb"]
ReceiptsExplainFigure = Literal[
    "quantity_lb",
    "days_late",
    "money",
    "single_source",
    "supplier_past_due_percent",
    "yarn_risk",
]
SafetyStockExplainFigure = Literal[
    "weekly_demand_lb",
    "daily_demand_lb",
    "sigma_lb",
    "lead_days",
    "safety_stock_lb",
    "reorder_point_lb",
    "economic_lb",
]
ShortagesExplainFigure = Literal[
    "theoretical_balance_lb",
    "allocated_lb",
    "on_order_lb",
    "planning_balance_lb",
    "available_now_lb",
    "min_stock_lb",
    "shortage_lb",
    "risk",
    "balance_score",
    "criticality_score",
    "criticality",
    "weekly_demand_lb",
    "weeks_of_supply",
    "first_short_on",
    "first_short_lb",
]
StockValueExplainFigure = Literal["theoretical_balance_lb", "cost_per_lb", "value", "negative_value"]
YarnWeeksExplainFigure = Literal["receipts_lb", "demand_lb", "balance_lb", "shortage_lb", "new_shortage_lb"]


class MillExplanations(Desk):
    """The explanations of `Mill`."""

    async def bom_checks_explain(
        self,
        *,
        style_code: str,
        figure: Literal["total", "verdict", "lines"],
        as_of: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Recipes that do not add up” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - style_code: Code of the style.
        - as_of: Lines in force on this day; default the day of the newest stock.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/mill/reports/bom-checks/explain",
            query={"style_code": style_code, "as_of": as_of, "figure": figure, "locale": locale},
            options=options,
        )

    async def data_quality_explain(
        self,
        *,
        source: str,
        code: str,
        figure: Literal["count"] | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “What is wrong with the data” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - source: Kind of the file, or `plan`.
        - code: Of the finding.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/mill/reports/data-quality/explain",
            query={"source": source, "code": code, "figure": figure, "locale": locale},
            options=options,
        )

    async def forecast_shortages_explain(
        self,
        *,
        yarn_code: str,
        figure: ForecastShortagesExplainFigure,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Forecast shortages” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - yarn_code: Code of the yarn.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/mill/reports/forecast-shortages/explain",
            query={"yarn_code": yarn_code, "figure": figure, "locale": locale},
            options=options,
        )

    async def open_orders_explain(
        self,
        *,
        order_no: str,
        figure: OpenOrdersExplainFigure,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Open knit orders” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - order_no: Number of the order.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/mill/reports/open-orders/explain",
            query={"order_no": order_no, "figure": figure, "locale": locale},
            options=options,
        )

    async def planning_balance_explain(
        self,
        *,
        yarn_code: str,
        figure: PlanningBalanceExplainFigure,
        as_of: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Planning balance of every yarn” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - yarn_code: Code of the yarn.
        - as_of: Day of an earlier inventory that is kept.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/mill/reports/planning-balance/explain",
            query={"yarn_code": yarn_code, "as_of": as_of, "figure": figure, "locale": locale},
            options=options,
        )

    async def procurement_explain(
        self,
        *,
        number: int,
        figure: ProcurementExplainFigure,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “What to buy and to move” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - number: Of the advice in the plan.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/mill/reports/procurement/explain",
            query={"number": number, "figure": figure, "locale": locale},
            options=options,
        )

    async def receipts_explain(
        self,
        *,
        receipt: int,
        figure: ReceiptsExplainFigure,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Expected receipts” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - receipt: Number of the receipt.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/mill/reports/receipts/explain",
            query={"receipt": receipt, "figure": figure, "locale": locale},
            options=options,
        )

    async def requirements_explain(
        self,
        *,
        yarn_code: str,
        week: str,
        figure: Literal["gross_lb", "orders"] | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Yarn requirements” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - yarn_code: Code of the yarn.
        - week: Such as 2025-W36, `later` or `undated`.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/mill/reports/requirements/explain",
            query={"yarn_code": yarn_code, "week": week, "figure": figure, "locale": locale},
            options=options,
        )

    async def safety_stock_explain(
        self,
        *,
        yarn_code: str,
        figure: SafetyStockExplainFigure,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Safety stock, reorder point and economic quantity” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/mill/reports/safety-stock/explain",
            query={"yarn_code": yarn_code, "figure": figure, "locale": locale},
            options=options,
        )

    async def shortages_explain(
        self,
        *,
        yarn_code: str,
        figure: ShortagesExplainFigure,
        as_of: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Yarn shortages” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - yarn_code: Code of the yarn.
        - as_of: Day of an earlier inventory that is kept.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/mill/reports/shortages/explain",
            query={"yarn_code": yarn_code, "as_of": as_of, "figure": figure, "locale": locale},
            options=options,
        )

    async def stock_value_explain(
        self,
        *,
        yarn_code: str,
        figure: StockValueExplainFigure,
        as_of: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Value of the stock” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - yarn_code: Code of the yarn.
        - as_of: Day of an earlier inventory that is kept.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/mill/reports/stock-value/explain",
            query={"yarn_code": yarn_code, "as_of": as_of, "figure": figure, "locale": locale},
            options=options,
        )

    async def yarn_weeks_explain(
        self,
        *,
        yarn_code: str,
        bucket: int,
        figure: YarnWeeksExplainFigure | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Yarn week by week” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - yarn_code: Code of the yarn.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/mill/reports/yarn-weeks/explain",
            query={"yarn_code": yarn_code, "bucket": bucket, "figure": figure, "locale": locale},
            options=options,
        )
