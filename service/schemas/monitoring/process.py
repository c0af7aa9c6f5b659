"""Which of several workers tells, where an answer is of one of them."""

from typing import Annotated

from pydantic import Field

ProcessId = Annotated[
    int, Field(description="The process that tells this of itself; several workers answer in turn.")
]
