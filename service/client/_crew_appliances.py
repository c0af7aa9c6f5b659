# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The appliances of `Crew`."""

from __future__ import annotations

from datetime import datetime

from service.client._desk import Desk
from service.client._message import etag_text, segment
from service.client._options import CallOptions
from service.schemas.crew.appliances import (
    ApplianceGaps,
    Appliances,
    ApplianceStatus,
    Forecasts,
    WhatIf,
    WhatIfAsk,
)
from service.schemas.crew.rules import CrewingRules, CrewingRulesAsk


class CrewAppliances(Desk):
    """The appliances of `Crew`."""

    async def appliances(
        self,
        *,
        station: str | None = None,
        at: datetime | str | None = None,
        known_at: datetime | str | None = None,
        options: CallOptions | None = None,
    ) -> Appliances:
        """Appliances at an instant: on the run or not, and until when.

        Those of a station, or of all stations that you may see.

        - station: Code; default: every station that you may see.
        - at: Default: now.
        - known_at: As it was known at this instant; default: as it is known now.
        """
        return await self._call(
            Appliances,
            "GET",
            "/v1/crew/appliances",
            query={"station": station, "at": at, "known_at": known_at},
            options=options,
        )

    async def appliance_forecast(
        self,
        name: str,
        *,
        station: str | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        known_at: datetime | str | None = None,
        options: CallOptions | None = None,
    ) -> Forecasts:
        """What becomes of an appliance over a range.

        Stretches of one status without holes, each with its parts of one crew.

        - name: Name of an appliance, such as `P22P6`.
        - station: Code; needed where two stations have an appliance of this name.
        - from_: Default: now.
        - to: Default: 14 days after `from`.
        - known_at: As it was known at this instant; default: as it is known now.
        """
        return await self._call(
            Forecasts,
            "GET",
            f"/v1/crew/appliances/{segment(name)}/forecast",
            query={"station": station, "from": from_, "to": to, "known_at": known_at},
            options=options,
        )

    async def appliance_gaps(
        self,
        name: str,
        *,
        station: str | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        known_at: datetime | str | None = None,
        min_minutes: int | None = None,
        options: CallOptions | None = None,
    ) -> ApplianceGaps:
        """When an appliance is not available, and who would close the gaps.

        Only people who are known to be unavailable are proposed, never those of whom nothing is known.

        - name: Name of an appliance, such as `P22P6`.
        - station: Code; needed where two stations have an appliance of this name.
        - from_: Default: now.
        - to: Default: 14 days after `from`.
        - known_at: As it was known at this instant; default: as it is known now.
        """
        return await self._call(
            ApplianceGaps,
            "GET",
            f"/v1/crew/appliances/{segment(name)}/gaps",
            query={
                "station": station,
                "from": from_,
                "to": to,
                "known_at": known_at,
                "min_minutes": min_minutes,
            },
            options=options,
        )

    async def appliance_rules(
        self,
        name: str,
        *,
        station: str | None = None,
        known_at: datetime | str | None = None,
        options: CallOptions | None = None,
    ) -> CrewingRules:
        """What is asked of the crew of an appliance.

        Those enforced by tier, then those that are only reported, such as the grid's own.

        - name: Name of an appliance, such as `P22P6`.
        - station: Needed where two stations have an appliance of this name.
        - known_at: The rules that held at this instant; default: now.
        """
        return await self._call(
            CrewingRules,
            "GET",
            f"/v1/crew/appliances/{segment(name)}/rules",
            query={"station": station, "known_at": known_at},
            options=options,
        )

    async def replace_appliance_rules(
        self,
        name: str,
        body: CrewingRulesAsk,
        *,
        if_match: str | int,
        station: str | None = None,
        dry_run: bool | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        options: CallOptions | None = None,
    ) -> CrewingRules:
        """Replace what is asked of the crew of an appliance, or try it out.

        They hold from now on; what held until then stays on record, and answers to `known_at` use it.

        With `dry_run` nothing is written and nothing has to match: `trial` says what would become of the
        appliance.

        - name: Name of an appliance, such as `P22P6`.
        - station: Needed where two stations have an appliance of this name.
        - dry_run: Say what would become of the appliance; write nothing.
        - from_: Of a trial; default: now.
        - to: Of a trial; default: 14 days after `from`.
        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            CrewingRules,
            "PUT",
            f"/v1/crew/appliances/{segment(name)}/rules",
            query={"station": station, "dry_run": dry_run, "from": from_, "to": to},
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def appliance_status(
        self,
        name: str,
        *,
        station: str | None = None,
        at: datetime | str | None = None,
        known_at: datetime | str | None = None,
        options: CallOptions | None = None,
    ) -> ApplianceStatus:
        """Whether an appliance is on the run, why, and until when.

        By the grid's flag and the crewing rule over those who are available (spec D.6).

        - name: Name of an appliance, such as `P22P6`.
        - station: Code; needed where two stations have an appliance of this name.
        - at: Default: now.
        - known_at: As it was known at this instant; default: as it is known now.
        """
        return await self._call(
            ApplianceStatus,
            "GET",
            f"/v1/crew/appliances/{segment(name)}/status",
            query={"station": station, "at": at, "known_at": known_at},
            options=options,
        )

    async def appliance_what_if(
        self,
        name: str,
        body: WhatIfAsk,
        *,
        options: CallOptions | None = None,
    ) -> WhatIf:
        """What would become of an appliance if people booked on or off.

        Nothing is written.

        - name: Name of an appliance, such as `P22P6`.
        """
        return await self._call(
            WhatIf,
            "POST",
            f"/v1/crew/appliances/{segment(name)}/what-if",
            body=body,
            options=options,
        )
