# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The explanations of `Crew`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from service.client._desk import Desk
from service.client._options import CallOptions
from service.schemas.crew.hours import Figure
from service.schemas.envelope import Explanation


class CrewExplanations(Desk):
    """The explanations of `Crew`."""

    async def hours_explain(
        self,
        *,
        crew_id: int,
        station: str | None = None,
        week: str | None = None,
        at: datetime | str | None = None,
        known_at: datetime | str | None = None,
        redact: bool | None = None,
        figure: Figure | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Hours against contract” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - station: Code; may be left out where you see one station only.
        - week: ISO week such as 2026-W10; default: this week.
        - at: Up to when hours are achieved; default: now.
        - known_at: As it was known at this instant; default: as it is known now.
        - redact: Numbers in place of names, for displays that everybody sees.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/crew/reports/hours/explain",
            query={
                "station": station,
                "week": week,
                "at": at,
                "known_at": known_at,
                "redact": redact,
                "crew_id": crew_id,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )
