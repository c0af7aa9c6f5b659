# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The explanations of `Crew`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from service.client._desk import Desk
from service.client._options import CallOptions
from service.schemas.crew.hours import Figure
from service.schemas.crew.reports import CoverFigure, FairnessFigure, MonthlyReturnFigure, OffTheRunFigure
from service.schemas.crew.turnout import TurnoutFigure
from service.schemas.envelope import Explanation


class CrewExplanations(Desk):
    """The explanations of `Crew`."""

    async def availability_explain(
        self,
        *,
        station: str,
        crew_id: int,
        starts_at: datetime | str,
        redact: bool | None = None,
        known_at: datetime | str | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        figure: Literal["available_seconds"] | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Availability” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - redact: Numbers in place of names, for displays that everybody sees.
        - known_at: As it was known at this instant; default now.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/crew/reports/availability/explain",
            query={
                "redact": redact,
                "station": station,
                "known_at": known_at,
                "crew_id": crew_id,
                "from": from_,
                "to": to,
                "starts_at": starts_at,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )

    async def coverage_explain(
        self,
        *,
        station: str,
        at: datetime | str,
        redact: bool | None = None,
        figure: Literal["crew", "officer", "driver", "ba"] | None = None,
        known_at: datetime | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Coverage” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - redact: Numbers in place of names, for displays that everybody sees.
        - known_at: As it was known at this instant; default: now.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/crew/reports/coverage/explain",
            query={
                "redact": redact,
                "station": station,
                "at": at,
                "figure": figure,
                "known_at": known_at,
                "locale": locale,
            },
            options=options,
        )

    async def fairness_explain(
        self,
        *,
        station: str,
        crew_id: int,
        figure: FairnessFigure,
        redact: bool | None = None,
        known_at: datetime | str | None = None,
        month: str | None = None,
        week: str | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Shares of hours, nights and weekends” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - redact: Numbers in place of names, for displays that everybody sees.
        - known_at: As it was known at this instant; default now.
        - month: YYYY-MM.
        - week: An ISO week: 2026-W10.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/crew/reports/fairness/explain",
            query={
                "redact": redact,
                "station": station,
                "known_at": known_at,
                "month": month,
                "week": week,
                "from": from_,
                "to": to,
                "crew_id": crew_id,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )

    async def forecast_explain(
        self,
        *,
        station: str,
        appliance: str,
        since: datetime | str,
        redact: bool | None = None,
        known_at: datetime | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Appliances ahead” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - redact: Numbers in place of names, for displays that everybody sees.
        - since: The instant.
        - known_at: As it was known at this instant; default: now.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/crew/reports/forecast/explain",
            query={
                "redact": redact,
                "station": station,
                "appliance": appliance,
                "since": since,
                "known_at": known_at,
                "locale": locale,
            },
            options=options,
        )

    async def gap_cover_explain(
        self,
        *,
        station: str,
        crew_id: int,
        figure: CoverFigure,
        redact: bool | None = None,
        known_at: datetime | str | None = None,
        month: str | None = None,
        week: str | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Gap cover” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - redact: Numbers in place of names, for displays that everybody sees.
        - known_at: As it was known at this instant; default now.
        - month: YYYY-MM.
        - week: An ISO week: 2026-W10.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/crew/reports/gap-cover/explain",
            query={
                "redact": redact,
                "station": station,
                "known_at": known_at,
                "month": month,
                "week": week,
                "from": from_,
                "to": to,
                "crew_id": crew_id,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )

    async def gaps_explain(
        self,
        *,
        station: str,
        appliance: str,
        since: datetime | str,
        redact: bool | None = None,
        known_at: datetime | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Gaps of appliances” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - redact: Numbers in place of names, for displays that everybody sees.
        - since: The instant.
        - known_at: As it was known at this instant; default: now.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/crew/reports/gaps/explain",
            query={
                "redact": redact,
                "station": station,
                "appliance": appliance,
                "since": since,
                "known_at": known_at,
                "locale": locale,
            },
            options=options,
        )

    async def hours_explain(
        self,
        *,
        crew_id: int,
        redact: bool | None = None,
        station: str | None = None,
        week: str | None = None,
        at: datetime | str | None = None,
        known_at: datetime | str | None = None,
        figure: Figure | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Hours against contract” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - redact: Numbers in place of names, for displays that everybody sees.
        - station: Code; may be left out where you see one station only.
        - week: ISO week such as 2026-W10; default: this week.
        - at: Up to when hours are achieved; default: now.
        - known_at: As it was known at this instant; default: as it is known now.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/crew/reports/hours/explain",
            query={
                "redact": redact,
                "station": station,
                "week": week,
                "at": at,
                "known_at": known_at,
                "crew_id": crew_id,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )

    async def monthly_return_explain(
        self,
        *,
        station: str,
        kind: Literal["appliance", "crew"],
        name: str,
        figure: MonthlyReturnFigure,
        redact: bool | None = None,
        known_at: datetime | str | None = None,
        month: str | None = None,
        reason: str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Monthly return” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - redact: Numbers in place of names, for displays that everybody sees.
        - known_at: As it was known at this instant; default now.
        - month: YYYY-MM.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/crew/reports/monthly-return/explain",
            query={
                "redact": redact,
                "station": station,
                "known_at": known_at,
                "month": month,
                "kind": kind,
                "name": name,
                "figure": figure,
                "reason": reason,
                "locale": locale,
            },
            options=options,
        )

    async def off_the_run_explain(
        self,
        *,
        station: str,
        appliance: str,
        period: str,
        figure: OffTheRunFigure,
        known_at: datetime | str | None = None,
        month: str | None = None,
        week: str | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        by: Literal["day", "week", "month"] | None = None,
        reason: str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Off the run, by reason” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - known_at: As it was known at this instant; default now.
        - month: YYYY-MM.
        - week: An ISO week: 2026-W10.
        - by: What one row covers.
        - period: The row's period, such as 2026-03.
        - reason: A requirement's code, or `flag`.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/crew/reports/off-the-run/explain",
            query={
                "station": station,
                "known_at": known_at,
                "month": month,
                "week": week,
                "from": from_,
                "to": to,
                "appliance": appliance,
                "by": by,
                "period": period,
                "figure": figure,
                "reason": reason,
                "locale": locale,
            },
            options=options,
        )

    async def recovery_explain(
        self,
        *,
        station: str,
        crew_id: int,
        starts_at: datetime | str,
        redact: bool | None = None,
        known_at: datetime | str | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        top: int | None = None,
        with_crew_id: int | None = None,
        figure: Literal["recovered_seconds", "flag_seconds"] | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Who would recover most” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - redact: Numbers in place of names, for displays that everybody sees.
        - known_at: As it was known at this instant; default now.
        - top: Rows at most; the summary says how many there are.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/crew/reports/recovery/explain",
            query={
                "redact": redact,
                "station": station,
                "known_at": known_at,
                "from": from_,
                "to": to,
                "top": top,
                "crew_id": crew_id,
                "with_crew_id": with_crew_id,
                "starts_at": starts_at,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )

    async def turnout_explain(
        self,
        *,
        crew_id: int,
        redact: bool | None = None,
        station: str | None = None,
        at: datetime | str | None = None,
        known_at: datetime | str | None = None,
        state: Literal["available", "unavailable", "unknown"] | None = None,
        figure: TurnoutFigure | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Who can turn out” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - redact: Numbers in place of names, for displays that everybody sees.
        - station: Code; may be left out where you see one station only.
        - at: Default: now.
        - known_at: As it was known at this instant; default: as it is known now.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/crew/reports/turnout/explain",
            query={
                "redact": redact,
                "station": station,
                "at": at,
                "known_at": known_at,
                "state": state,
                "crew_id": crew_id,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )
