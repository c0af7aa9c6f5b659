"""FastAPI keeps the fields of 128 parameter models only; this application has more.

Beyond that the least used were made anew at each request, and the OpenAPI document could not be made at all:
it looks fields up by identity. Measured with fastapi 0.165 (`fastapi/_compat/v2.py`, `lru_cache` of 128).
"""

from functools import cache

from fastapi._compat.v2 import get_model_fields
from fastapi.dependencies import utils


def keep_every_model() -> None:
    """Keep the fields of every parameter model for good: their number is that of the routes."""
    utils.get_cached_model_fields = cache(get_model_fields)  # type: ignore[attr-defined]  # imported there
