"""Where this desk's routes lie, who may ask them, and under which heading OpenAPI shows them."""

from enum import Enum
from typing import Annotated, Final

from fastapi import Depends, Path

from service.core.auth import needs
from service.mill.router.answers import READS
from service.reporting.row_numbers import AS_ASKED

PREFIX: Final = "/v1/mill"
TAGS: Final[list[str | Enum]] = ["mill"]
CLOSED: Final = [Depends(needs(READS))]
"""What each part of the desk's routes begins with: callers who may read here alone."""
ImportNumber = Annotated[int, AS_ASKED, Path(description="Of the import.")]
