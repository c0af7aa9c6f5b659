"""What OpenAPI says about this desk's routes: prefix, tag, and the responses of each kind of route."""

from enum import Enum
from typing import Final

import service.reporting.row_numbers  # noqa: F401  it makes `{…:number}` of a path safe
from service.reporting.entity_responses import read_responses, written_responses

PREFIX: Final = "/v1/crew"
TAGS: Final[list[str | Enum]] = ["crew"]

__all__ = ["PREFIX", "TAGS", "read_responses", "written_responses"]
