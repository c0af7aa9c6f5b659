"""The client of Muster: async (`MusterClient`), blocking (`MusterClientSync`), typed with `service.schemas`.

    async with MusterClient("http://127.0.0.1:8000", api_key="mst_…") as muster:
        report = await muster.attendance.monthly_sheet(month="2026-10", site="Villas")

Importing it loads pydantic and httpx and nothing of the server.
"""

from service.client._client import MusterClient
from service.client._desk import Pages, ReportCall
from service.client._events import Event, EventStream
from service.client._message import Answer
from service.client._options import Backoff, CallOptions
from service.client._paging import Rows
from service.client.dataframe import to_dataframe
from service.client.errors import (
    Conflict,
    Gone,
    IncompleteData,
    Invalid,
    MusterError,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RateLimited,
    Refused,
    TimedOut,
    Unavailable,
    Unreachable,
    Unreadable,
)
from service.client.sync import MusterClientSync

__all__ = [
    "Answer",
    "Backoff",
    "CallOptions",
    "Conflict",
    "Event",
    "EventStream",
    "Gone",
    "IncompleteData",
    "Invalid",
    "MusterClient",
    "MusterClientSync",
    "MusterError",
    "NotAllowed",
    "NotAuthenticated",
    "NotFound",
    "Pages",
    "RateLimited",
    "Refused",
    "ReportCall",
    "Rows",
    "TimedOut",
    "Unavailable",
    "Unreachable",
    "Unreadable",
    "to_dataframe",
]
