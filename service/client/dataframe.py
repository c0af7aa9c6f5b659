"""Rows as a pandas DataFrame: the optional extra ``dataframe``."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from service.schemas.envelope import Listing, ReportAnswer


def to_dataframe(answer: ReportAnswer[Any] | Listing[Any] | Iterable[BaseModel]) -> Any:
    """A ``pandas.DataFrame`` with one row per item and the wire's names as columns.

    Dates, instants and decimals stay Python objects: nothing is rounded on the way. The completeness of a
    report or a page is in ``frame.attrs["meta"]``. Raises ImportError, which says what to install.
    """
    try:
        pandas = importlib.import_module("pandas")
    except ImportError as error:
        raise ImportError("to_dataframe() needs pandas: pip install 'muster-client[dataframe]'") from error
    rows = answer.items if isinstance(answer, ReportAnswer | Listing) else answer
    frame = pandas.DataFrame.from_records([row.model_dump(by_alias=True) for row in rows])
    meta = getattr(answer, "meta", None)
    if meta is not None:
        frame.attrs["meta"] = meta.model_dump(mode="json", by_alias=True)
    return frame
