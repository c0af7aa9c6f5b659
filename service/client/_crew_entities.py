# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The entities of `Crew`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from service.client._desk import Desk, Pages
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.crew.changes import ChangesListing, ObservedChange
from service.schemas.crew.people import CrewListing, PersonState
from service.schemas.envelope import Listing
from service.schemas.subscriptions import Delivery, Subscription


class CrewEntities(Desk):
    """The entities of `Crew`."""

    def people(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        station: str | None = None,
        at: datetime | str | None = None,
        known_at: datetime | str | None = None,
        state: Literal["available", "unavailable", "unknown"] | None = None,
        skill: str | None = None,
        role: str | None = None,
        redact: bool | None = None,
        options: CallOptions | None = None,
    ) -> Pages[PersonState, CrewListing]:
        """People at an instant: who can turn out, and until when.

        Who is available first, then by rank (WC, CM, CC, FFC, FFD, FFT, others) and name.

        The pages of one list are of one instant and of what was known at the first of them.

        - station: Code; default: every station that you may see.
        - at: Default: now.
        - known_at: As it was known at this instant; default: as it is known now.
        - skill: A code or an alias of it; `officer` and `driver` stand for all that count as such.
        - redact: Numbers in place of names, for displays that everybody sees.
        """
        return self._list(
            PersonState,
            CrewListing,
            "/v1/crew",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "station": station,
                "at": at,
                "known_at": known_at,
                "state": state,
                "skill": skill,
                "role": role,
                "redact": redact,
            },
            options,
        )

    def changes(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        station: str | None = None,
        after: int | None = None,
        redact: bool | None = None,
        options: CallOptions | None = None,
    ) -> Pages[ObservedChange, ChangesListing]:
        """What newer observations said otherwise, oldest first.

        A feed without holes: ask again with `after` of `last`, and nothing is missed or comes twice.

        - station: Code; default: every station that you may see.
        - after: Only changes after the one of this number: `last` of an answer.
        - redact: Numbers in place of names, for displays that everybody sees.
        """
        return self._list(
            ObservedChange,
            ChangesListing,
            "/v1/crew/changes",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "station": station,
                "after": after,
                "redact": redact,
            },
            options,
        )

    def subscriptions(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Subscription]:
        """Your scheduled reports, newest first.

        An admin of the desk sees everybody's. Those that have ended are not listed.
        """
        return self._list(
            Subscription,
            Listing[Subscription],
            "/v1/crew/subscriptions",
            {"limit": limit, "cursor": cursor, "include": include},
            options,
        )

    def deliveries(
        self,
        subscription_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Delivery]:
        """What became of each delivery, newest first."""
        return self._list(
            Delivery,
            Listing[Delivery],
            f"/v1/crew/subscriptions/{segment(subscription_id)}/deliveries",
            {"limit": limit, "cursor": cursor, "include": include},
            options,
        )
