"""What the panels of the dashboard show beside the figures: each part of the service tells its own."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from fastapi import FastAPI

from service.core.responses import Responses
from service.core.runtime import Runtime
from service.monitoring.live import Panel


def panels(app: FastAPI) -> Mapping[str, Panel]:
    """The panels by name, over the parts of this application."""
    runtime: Runtime = app.state.runtime
    responses: Responses = app.state.responses

    async def caches() -> dict[str, Any]:
        every = {**responses.stats(), **runtime.cache.stats()}
        return {"items": [{"name": name, **asdict(each)} for name, each in every.items()]}

    return {"caches": caches}
