# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The stations of `Crew`."""

from __future__ import annotations

from service.client._desk import Desk
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.crew.stations import StationDetail, StationLive, StationSummary, Unlocked
from service.schemas.envelope import Listing


class CrewStations(Desk):
    """The stations of `Crew`."""

    async def stations(self, *, options: CallOptions | None = None) -> Listing[StationSummary]:
        """Stations that you may see.

        All at once, by code: when each was last seen, until when it is known, how signing in stands.
        """
        return await self._call(Listing[StationSummary], "GET", "/v1/crew/stations", options=options)

    async def station(self, code: str, *, options: CallOptions | None = None) -> StationDetail:
        """How a station is followed.

        Its days of last week and ahead with their freshness, its last runs, what is odd, the lock.
        """
        return await self._call(StationDetail, "GET", f"/v1/crew/stations/{segment(code)}", options=options)

    async def station_live(
        self,
        code: str,
        *,
        redact: bool | None = None,
        options: CallOptions | None = None,
    ) -> StationLive:
        """The station display, beside what the grid says.

        Looked at upstream at most once in 30 seconds; who and what is told otherwise by the grid.

        - redact: Numbers in place of names, for displays that everybody sees.
        """
        return await self._call(
            StationLive,
            "GET",
            f"/v1/crew/stations/{segment(code)}/live",
            query={"redact": redact},
            options=options,
        )

    async def unlock(self, code: str, *, options: CallOptions | None = None) -> Unlocked:
        """End the lock of a login.

        The next run signs in again; first put right what was refused, or the upstream locks the account.
        """
        return await self._call(
            Unlocked,
            "POST",
            f"/v1/crew/stations/{segment(code)}/unlock",
            options=options,
        )
