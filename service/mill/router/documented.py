"""What OpenAPI says about this desk's routes: prefix and tag."""

from enum import Enum
from typing import Final

import service.reporting.row_numbers  # noqa: F401  it makes `{…:number}` of a path safe

PREFIX: Final = "/v1/mill"
TAGS: Final[list[str | Enum]] = ["mill"]
