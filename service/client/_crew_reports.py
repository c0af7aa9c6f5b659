# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The reports of `Crew`."""

from __future__ import annotations

from service.client._desk import Desk
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.envelope import Run
from service.schemas.exports import ExportAsk


class CrewReports(Desk):
    """The reports of `Crew`."""

    async def export(self, report: str, body: ExportAsk, *, options: CallOptions | None = None) -> Run:
        """Write a report as a file, in the background.

        Answers 202 with a run; once done, its file is at `/v1/runs/{id}/file` for 24 hours.
        """
        return await self._call(
            Run,
            "POST",
            f"/v1/crew/reports/{segment(report)}/exports",
            body=body,
            options=options,
        )
