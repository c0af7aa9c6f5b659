"""What the fields of a child are made of: texts, words and numbers, each refused under a code of its own."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    TypeAdapter,
)
from pydantic import ValidationError as NotValid
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from service.schemas.asked import usable

LARGEST_NUMBER: Final = 2**63 - 1
"""PostgreSQL's bigint: no row has a greater number."""

_SEPARATORS: Final = re.compile(r"[\s\-.()]")
_PHONE: Final = re.compile(r"\+?[0-9]{6,15}")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL: Final = TypeAdapter(AnyHttpUrl)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of so many characters, NFC and without blanks around it: `blank`, `too_short`, `too_long`."""

    most: int
    least: int = 1

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The schema before it, then this."""
        return core_schema.no_info_after_validator_function(self.of, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Its limits, for OpenAPI."""
        return {**handler(schema), "minLength": self.least, "maxLength": self.most}

    def of(self, given: str) -> str:
        """The text as it is kept."""
        text = unicodedata.normalize("NFC", usable(given)).strip()
        if not text:
            raise PydanticCustomError("blank", "this is blank")
        if len(text) < self.least:
            raise PydanticCustomError("too_short", f"give at least {self.least} characters")
        if len(text) > self.most:
            raise PydanticCustomError("too_long", f"give at most {self.most} characters")
        return text


@dataclass(frozen=True, slots=True)
class AtMost:
    """A list of at most so many entries: `too_many_items`."""

    most: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The schema before it, then this."""
        return core_schema.no_info_after_validator_function(self.of, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Its limit, for OpenAPI."""
        return {**handler(schema), "maxItems": self.most}

    def of(self, given: list[Any]) -> list[Any]:
        """The list."""
        if len(given) > self.most:
            raise PydanticCustomError("too_many_items", f"give at most {self.most} entries")
        return given


@dataclass(frozen=True, slots=True)
class Within:
    """A number of a range, both ends included; refused under `code`."""

    least: int
    most: int
    code: str = "out_of_range"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The schema before it, then this."""
        return core_schema.no_info_after_validator_function(self.of, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Its range, for OpenAPI."""
        return {**handler(schema), "minimum": self.least, "maximum": self.most}

    def of(self, given: int) -> int:
        """The number."""
        if not self.least <= given <= self.most:
            raise PydanticCustomError(self.code, f"give a number of {self.least} to {self.most}")
        return given


@dataclass(frozen=True, slots=True)
class OneOf:
    """Stands behind a `Literal`: another word is refused as `enum`; `folded` takes any case."""

    folded: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The schema before it, with this code."""
        words = handler(source)
        listed = {"expected": ", ".join(getattr(source, "__args__", ()))}
        refused = core_schema.custom_error_schema(words, "enum", custom_error_context=listed)
        if not self.folded:
            return refused
        return core_schema.no_info_before_validator_function(_folded, refused)


def _folded(given: Any) -> Any:
    return given.strip().lower() if isinstance(given, str) else given


def _each_once(given: list[str]) -> list[str]:
    return list(dict.fromkeys(given))


def _lower(given: str) -> str:
    return given.lower()


def _name(given: str) -> str:
    text = " ".join(given.split())
    spelt = [letter for letter in text if letter not in " '\N{RIGHT SINGLE QUOTATION MARK}-."]
    if not spelt or any(unicodedata.category(letter)[0] not in "LM" for letter in spelt):
        detail = "a name has letters, spaces, hyphens, apostrophes and dots"
        raise PydanticCustomError("name_characters", detail)
    return text


def _phone(given: str) -> str:
    text = usable(given).strip()
    if len(text) > 40 or not _PHONE.fullmatch(_SEPARATORS.sub("", text)):
        raise PydanticCustomError("phone", "a phone number has 6 to 15 digits, with + in front if needed")
    return text


def _email(given: str) -> str:
    text = usable(given).strip().lower()
    if len(text) > 200 or not _EMAIL.fullmatch(text):
        raise PydanticCustomError("email", "this is no e-mail address")
    return text


def _url(given: str) -> str:
    try:
        url = _URL.validate_python(usable(given).strip())
    except NotValid:
        raise PydanticCustomError("url", "give an http or https address") from None
    host = url.host or ""
    if len(str(url)) > 500 or not ("." in host or host == "localhost") or url.username or url.password:
        raise PydanticCustomError("url", "give an http or https address of a named host")
    return str(url)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones()) - {"localtime", "Factory"}


def _zone(given: str) -> str:
    if given not in _zones():
        raise PydanticCustomError("unknown_timezone", "give an IANA zone such as Europe/Rome")
    return given


Name = Annotated[str, Text(100), AfterValidator(_name)]
"""A name as it is written (spec D5.1): letters of any script, its case kept."""

Zone = Annotated[str, Field(max_length=64), AfterValidator(_zone)]
Phone = Annotated[str, AfterValidator(_phone)]
"""As it was given; 6 to 15 digits once spaces, hyphens, dots and parentheses are gone."""

Email = Annotated[str, AfterValidator(_email)]
Url = Annotated[str, AfterValidator(_url)]
Number = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
"""The number of a row."""

ShortWords = Annotated[
    list[Annotated[str, Text(100), AfterValidator(_lower)]], AfterValidator(_each_once), AtMost(20)
]
"""What a child prefers, what troubles it, what helps: in lower case, each once."""

Entries15 = Annotated[list[Annotated[str, Text(150)]], AfterValidator(_each_once), AtMost(15)]
Entries20 = Annotated[list[Annotated[str, Text(150)]], AfterValidator(_each_once), AtMost(20)]
Entries10 = Annotated[list[Annotated[str, Text(150)]], AfterValidator(_each_once), AtMost(10)]
Goals = Annotated[list[Annotated[str, Text(200)]], AfterValidator(_each_once), AtMost(10)]
