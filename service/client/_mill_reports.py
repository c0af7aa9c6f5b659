# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The reports of `Mill`."""

from __future__ import annotations

from service.client._desk import Desk
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.envelope import Run
from service.schemas.exports import ExportAsk


class MillReports(Desk):
    """The reports of `Mill`."""

    async def export(self, report: str, body: ExportAsk, *, options: CallOptions | None = None) -> Run:
        """Write a report as a file, in the background.

        Answers 202 with a run; once done, its file is at `/v1/runs/{id}/file` for 24 hours.
        """
        return await self._call(
            Run,
            "POST",
            f"/v1/mill/reports/{segment(report)}/exports",
            body=body,
            options=options,
        )
