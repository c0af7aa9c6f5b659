"""Where this desk's routes lie, and under which heading OpenAPI shows them."""

from enum import Enum
from typing import Final

PREFIX: Final = "/v1/attendance"
TAGS: Final[list[str | Enum]] = ["attendance"]
