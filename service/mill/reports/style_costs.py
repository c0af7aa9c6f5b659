"""The report `style-costs`: what a pound of every style costs, and what is missing of it (E.12, F-72)."""

import asyncio
from typing import Any, Final

from service.core.database import ReadConnection
from service.mill.answers.costs import Costing, costing, figures_of, told
from service.mill.queries import scopes
from service.mill.reports.frame import framed
from service.mill.reports.shortages import LIFETIME
from service.mill.reports.words import LABELS
from service.reporting.report import BuildContext, Built, Report
from service.schemas.mill.costs import MillStyleCostParams, MillStyleCostRow

_FILES: Final = ("bom", "yarn_inventory")
_SCOPES: Final = (scopes.RECIPES, scopes.STOCK, scopes.PARAMETERS, scopes.IMPORTS)

_SPANISH: Final = {
    "material_per_lb": "Material por lb",
    "conversion_per_lb": "Tejido por lb",
    "overhead_per_lb": "Gastos generales por lb",
    "unit_cost_per_lb": "Coste por lb",
    "missing_costs": "Costes que faltan",
    "missing": "Hilos sin coste",
    "missing_conversion": "Estilos sin coste de tejido",
    "incomplete": "Sin coste conocido",
}
_ENGLISH: Final = {
    "material_per_lb": "Material per lb",
    "conversion_per_lb": "Conversion per lb",
    "overhead_per_lb": "Overhead per lb",
    "unit_cost_per_lb": "Cost per lb",
    "missing_costs": "Costs missing",
    "missing": "Yarns without a cost",
    "missing_conversion": "Styles without a conversion cost",
    "incomplete": "Cost not known",
}


async def style_costs(conn: ReadConnection, params: MillStyleCostParams, context: BuildContext) -> Built:
    """A row for each style by code."""
    frame = await framed(conn, context, _FILES, params.as_of)
    found = await costing(conn, frame.as_of, frame.parameters)
    rows = await asyncio.to_thread(_rows, found, params)
    incomplete = sum(not row["complete"] for row in rows)
    doubts = [f"the cost of {incomplete} styles is not known"] if incomplete else []
    summary = {"count": len(rows), "complete": len(rows) - incomplete, "incomplete": incomplete}
    return frame.built(
        rows, summary=summary, doubts=doubts, notes=[f"Assumed: {one}." for one in told(found)]
    )


def _rows(found: Costing, params: MillStyleCostParams) -> list[dict[str, Any]]:
    part = "" if params.style is None else params.style.upper()
    return [
        {
            **figures,
            "missing": ", ".join(figures["missing"]),
            "missing_conversion": ", ".join(figures["missing_conversion"]),
        }
        for figures in (figures_of(found, style) for style in found.styles if part in style)
        if params.complete in (None, figures["complete"])
    ]


STYLE_COSTS: Final[Report[MillStyleCostParams, MillStyleCostRow]] = Report(
    name="style-costs",
    title="Cost of styles",
    titles={"es": "Coste de los estilos"},
    description="What a pound of every style costs, rolled up from its yarn, and what is missing of it.",
    params=MillStyleCostParams,
    row=MillStyleCostRow,
    build=style_costs,
    scope=lambda _: _SCOPES,
    key=("style_code",),
    labels={"en": {**LABELS["en"], **_ENGLISH}, "es": {**LABELS["es"], **_SPANISH}},
    lifetime=LIFETIME,
    example={
        "params": {"as_of": "2025-09-03"},
        "items": [
            {
                "style_code": "G2",
                "material_per_lb": "2.520000",
                "conversion_per_lb": "0.850000",
                "overhead_per_lb": "0.000000",
                "unit_cost_per_lb": None,
                "complete": False,
                "reason": "COST_MISSING",
                "missing_costs": 1,
                "missing": "Y3",
                "missing_conversion": "",
            }
        ],
        "summary": {"as_of": "2025-09-03", "count": 1, "complete": 0, "incomplete": 1},
    },
)
