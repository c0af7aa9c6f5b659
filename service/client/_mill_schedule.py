# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The schedule of `Mill`."""

from __future__ import annotations

from datetime import date
from typing import Literal

from service.client._desk import Desk
from service.client._options import CallOptions
from service.schemas.envelope import Explanation
from service.schemas.mill.schedules import MillGantt, MillWholeSchedule


class MillSchedule(Desk):
    """The schedule of `Mill`."""

    async def schedule(
        self,
        *,
        machine: str | None = None,
        work_center: str | None = None,
        order: str | None = None,
        late: bool | None = None,
        plan: str | None = None,
        most: int | None = None,
        options: CallOptions | None = None,
    ) -> MillWholeSchedule:
        """What the machines knit and when, what has no place and why.

        The published schedule, or that of a plan. Figures and what has no place are of the whole schedule,
        whichever operations are asked for.

        - machine: Only on this machine.
        - work_center: Only of this work centre.
        - order: Only of this order.
        - late: Only those that end late, or only those that do not.
        - plan: Number of a plan, `published` or `latest`; default: the published schedule, else the
        latest.
        - most: Operations at most; `operations_total` says how many there are.
        """
        return await self._call(
            MillWholeSchedule,
            "GET",
            "/v1/mill/schedule",
            query={
                "machine": machine,
                "work_center": work_center,
                "order": order,
                "late": late,
                "plan": plan,
                "most": most,
            },
            options=options,
        )

    async def explain_schedule(
        self,
        *,
        order: str,
        plan: str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why an order is knitted when and where it is, and what would make it punctual.

        What it waited for (yarn, machine, shift), which machines could have knitted it and when, and,
        where it ends late, each remedy with the end that it would bring.

        - plan: Number of a plan, `published` or `latest`; default: the published schedule, else the
        latest.
        - order: Its number.
        - locale: Language of the page.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/mill/schedule/explain",
            query={"plan": plan, "order": order, "locale": locale},
            options=options,
        )

    async def schedule_gantt(
        self,
        *,
        plan: str | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        work_center: str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> MillGantt:
        """The blocks of each machine, as JSON or as a printable page.

        By work centre and machine; operations that are cut by the stretch of time are told whole.

        - plan: Number of a plan, `published` or `latest`; default: the published schedule, else the
        latest.
        - from_: First day; default: that of its start.
        - to: Last day; default: that of the last end, two weeks at most.
        - work_center: Only this work centre.
        - locale: Language of the page.
        """
        return await self._call(
            MillGantt,
            "GET",
            "/v1/mill/schedule/gantt",
            query={"plan": plan, "from": from_, "to": to, "work_center": work_center, "locale": locale},
            options=options,
        )
