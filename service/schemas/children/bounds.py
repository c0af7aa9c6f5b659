"""Numbers, texts and details as they may be sent about a child, refused with the codes of spec F5."""

import json
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from service.schemas.asked import usable

LARGEST: Final = 2**31 - 1
"""What a column of whole numbers holds."""
LONGEST_DETAILS: Final = 16_384
"""Characters of JSON in one field of details."""


@dataclass(frozen=True, slots=True)
class Between:
    """Stands behind a number: outside of these bounds (inclusive) it is `out_of_range`."""

    low: int
    high: int

    def _check(self, given: int) -> int:
        if not self.low <= given <= self.high:
            raise PydanticCustomError(
                "out_of_range",
                "give a number from {low} to {high}",
                {"low": self.low, "high": self.high},
            )
        return given

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The schema before it, then the bounds."""
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """With the bounds as JSON schema says them."""
        return {**handler(schema), "minimum": self.low, "maximum": self.high}


def _details(given: dict[str, Any]) -> dict[str, Any]:
    text = usable(json.dumps(given, ensure_ascii=False, allow_nan=False))
    if len(text) > LONGEST_DETAILS:
        raise PydanticCustomError(
            "too_long", "give at most {most} characters of JSON", {"most": LONGEST_DETAILS}
        )
    if "\\u0000" in text:
        raise PydanticCustomError("unusable_text", "this holds characters that cannot be kept")
    return given


def _spoken(given: str) -> str:
    if not given.strip():
        raise PydanticCustomError("blank", "this says nothing")
    return usable(given.strip())


Whole = Annotated[int, Field(strict=True), Between(0, LARGEST)]
"""A count: a number in JSON, not a text."""
Rating = Annotated[int, Field(strict=True), Between(1, 5)]
Text20 = Annotated[str, Field(max_length=20), AfterValidator(_spoken)]
Text50 = Annotated[str, Field(max_length=50), AfterValidator(_spoken)]
Text100 = Annotated[str, Field(max_length=100), AfterValidator(_spoken)]
Text200 = Annotated[str, Field(max_length=200), AfterValidator(_spoken)]
Text500 = Annotated[str, Field(max_length=500), AfterValidator(_spoken)]
Text1000 = Annotated[str, Field(max_length=1000), AfterValidator(_spoken)]
Details = Annotated[dict[str, Any], AfterValidator(_details)]
"""An object whose inside is the game's own affair."""
