"""Where this desk's routes lie, and under which heading OpenAPI shows them."""

from enum import Enum
from typing import Final

import service.reporting.row_numbers  # noqa: F401  it makes `{…:number}` of a path safe

PREFIX: Final = "/v1/crew"
TAGS: Final[list[str | Enum]] = ["crew"]
