"""`/v1/mill`: what is not a report."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter

UPLOADS: Final[Mapping[str, int]] = {}
router = APIRouter()

__all__ = ["UPLOADS", "router"]
