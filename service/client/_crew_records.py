# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The records of `Crew`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from service.client._desk import Desk, Pages
from service.client._options import CallOptions
from service.schemas.crew.changes import Turn, Upcoming


class CrewRecords(Desk):
    """The records of `Crew`."""

    def upcoming(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        station: str | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        known_at: datetime | str | None = None,
        redact: bool | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Turn, Upcoming]:
        """What is to come: when states of people and appliances become others.

        By instant; the pages of one list are of one range.

        - station: Code; default: every station that you may see.
        - from_: Default: now.
        - to: Default: 24 hours after `from`.
        - known_at: As it was known at this instant; default: as it is known now.
        - redact: Numbers in place of names, for displays that everybody sees.
        """
        return self._list(
            Turn,
            Upcoming,
            "/v1/crew/changes/upcoming",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "station": station,
                "from": from_,
                "to": to,
                "known_at": known_at,
                "redact": redact,
            },
            options,
        )
