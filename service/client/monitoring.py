# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Monitoring`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from typing import Literal

from service.client._blocking import Blocking, DeskSync
from service.client._desk import Desk
from service.client._options import CallOptions
from service.schemas.monitoring.history import History


class Monitoring(Desk):
    """What the service notes about itself."""

    async def history(
        self,
        *,
        figures: str | None = None,
        range_: Literal["1h", "24h", "30d"] | None = None,
        instance: str | None = None,
        options: CallOptions | None = None,
    ) -> History:
        """How the service's figures went.

        One point per span, oldest first. A span in which nothing was noted is null, never zero.

        - figures: Names of figures with commas between, such as `p95_ms,rss_mib`; default: all.
        - range_: 1 h by 10 s, 24 h by minute, or 30 d by hour.
        - instance: Which installation; default: the one that answers.
        """
        return await self._call(
            History,
            "GET",
            "/v1/history",
            query={"figures": figures, "range": range_, "instance": instance},
            options=options,
        )


class MonitoringSync(DeskSync):
    """`Monitoring`, blocking."""

    history = Blocking(Monitoring.history)
