"""Where this desk's routes lie, who may ask them, and under which heading OpenAPI shows them."""

from enum import Enum
from typing import Final

from fastapi import Depends

import service.reporting.row_numbers  # noqa: F401  it makes `{…:number}` of a path safe
from service.core.auth import needs
from service.crew.router.answers import READS

PREFIX: Final = "/v1/crew"
TAGS: Final[list[str | Enum]] = ["crew"]
CLOSED: Final = [Depends(needs(READS))]
"""What each part of the desk's routes begins with: callers who may read here alone."""
