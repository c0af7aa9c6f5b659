# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The explanations of `Children`."""

from __future__ import annotations

from datetime import date
from typing import Literal

from service.client._desk import Desk
from service.client._options import CallOptions
from service.schemas.children.declared import CaseloadFigure, ProgressFigure
from service.schemas.children.words import SessionType
from service.schemas.envelope import Explanation


class ChildrenExplanations(Desk):
    """The explanations of `Children`."""

    async def caseload_explain(
        self,
        *,
        child_id: int,
        figure: CaseloadFigure,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Caseload” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/children/reports/caseload/explain",
            query={
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "child_id": child_id,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )

    async def progress_explain(
        self,
        *,
        child_id: int,
        figure: ProgressFigure,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Progress of a child” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/children/reports/progress/explain",
            query={
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "child_id": child_id,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )

    async def session_figures_explain(
        self,
        *,
        child_id: int,
        session_id: int,
        figure: Literal["engagement", "accuracy", "independence", "active_seconds"],
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Sessions of a child with their figures” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/children/reports/session-figures/explain",
            query={
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "child_id": child_id,
                "session_id": session_id,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )
