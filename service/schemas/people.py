"""What travels about people: registering, signing in, who they are, what they practise."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Final, Literal, Self
from unicodedata import category, normalize
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from service.schemas.envelope import Ask, Instant, Wire

LONGEST_EMAIL = 254
# None of what means something else in a header of a mail (RFC 5322 groups and literals, RFC 2047 words): the
# mail would go to another address than the one that is kept.
_EMAIL = re.compile(
    r"(?!.*=\?)[^\s@,;:<>()\[\]\"\\]{1,64}@[^\s@,;:<>()\[\]\"\\.]+(\.[^\s@,;:<>()\[\]\"\\.]+)*"
)
_NOWHERE: Final = ("@invalid", ".invalid")
"""Nobody has a mailbox there (RFC 2606); erased accounts are kept under one, which nobody may take before."""
_NAME_MARKS = frozenset(" '’-.")
_PHONE = re.compile(r"\+?[0-9]{6,15}", re.ASCII)
_PHONE_FILLERS = re.compile(r"[\s\-.()]")


def email_form(text: str) -> str:
    """The one form of an address: NFC, lower case. Raises for what is none."""
    address = normalize("NFC", text.strip()).lower()
    usable = len(address) <= LONGEST_EMAIL and address.isprintable() and not address.endswith(_NOWHERE)
    if not usable or _EMAIL.fullmatch(address) is None:
        raise PydanticCustomError("email", "this is no e-mail address")
    return address


def name_form(text: str) -> str:
    """A name as it is kept: NFC, trimmed, single spaces, its case as it is (children spec D5.1)."""
    name = " ".join(normalize("NFC", text).split())
    if not name:
        raise PydanticCustomError("blank", "a name has at least one letter")
    if any(category(sign)[0] not in "LM" and sign not in _NAME_MARKS for sign in name):
        raise PydanticCustomError("name", "a name has letters, spaces, ' ’ - and . only")
    return name


def phone_form(text: str) -> str:
    """A number of 6 to 15 digits, written in any of the usual ways, which is kept."""
    if _PHONE.fullmatch(_PHONE_FILLERS.sub("", text)) is None:
        raise PydanticCustomError("phone", "a phone number has 6 to 15 digits")
    return " ".join(text.split())


def zone_form(text: str) -> str:
    """The name of an IANA time zone."""
    if text not in available_timezones():
        raise PydanticCustomError(
            "unknown_timezone", "this is no IANA time zone; write one such as Europe/Rome"
        )
    return text


def _role(value: object) -> object:
    if value in ("admin", "staff"):
        raise PydanticCustomError("not_allowed", "only parents and professionals register themselves")
    return value


Email = Annotated[str, Field(max_length=LONGEST_EMAIL), AfterValidator(email_form)]
PersonName = Annotated[str, Field(max_length=100), AfterValidator(name_form)]
Phone = Annotated[str, Field(max_length=20), AfterValidator(phone_form)]
TimeZone = Annotated[str, Field(max_length=64), AfterValidator(zone_form)]
Language = Literal["en", "es"]
# Longer than any password may be: what is too long is said by the rules, with its code.
Password = Annotated[str, Field(max_length=1024, repr=False)]
Token = Annotated[str, Field(max_length=200, repr=False)]


class RegisterAsk(Ask):
    """Register oneself."""

    email: Email
    password: Password = Field(
        description="10 to 128 characters; below 15 with an upper and a lower case letter and a digit."
    )
    first_name: PersonName
    last_name: PersonName
    role: Annotated[Literal["parent", "professional"], BeforeValidator(_role)]
    phone: Phone | None = None
    timezone: TimeZone = "UTC"
    language: Language = "en"


class PersonAsk(Ask):
    """Somebody who is added by whoever runs the service, with any role."""

    email: Email
    first_name: PersonName
    last_name: PersonName
    role: Literal["parent", "professional", "staff", "admin"]
    language: Language = "en"


class Accepted(Wire):
    """It was taken; what follows comes by mail."""

    detail: str


class Tokens(Wire):
    """What a program shows from now on, and what it gets the next ones for."""

    access_token: str = Field(description="To be sent as `Authorization: Bearer …`.", repr=False)
    refresh_token: str = Field(description="Good once, for the next two tokens.", repr=False)
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  a word, no secret
    expires_in: int = Field(description="Seconds that the access token lives.")
    scope: str = Field(description="What it may do: scopes, separated by spaces.")


class TokenForm(Ask):
    """The form of OAuth2's password grant; what it has beside address, password and scope is not needed."""

    username: Annotated[str, Field(max_length=1000, repr=False)] = Field(description="The e-mail address.")
    password: Password
    scope: str = Field("", max_length=2000, description="Scopes, separated by spaces; empty: all you have.")
    grant_type: Literal["password"] | None = None
    client_id: str | None = Field(None, max_length=200)
    client_secret: str | None = Field(None, max_length=200, repr=False)


class RefreshAsk(Ask):
    """The refresh token of a sign-in."""

    refresh_token: Token


class TokenAsk(Ask):
    """The token of a mail."""

    token: Token


class EmailAsk(Ask):
    """An address."""

    email: Email


class ResetAsk(Ask):
    """Set a new password with the token of a mail."""

    token: Token
    new_password: Password


class ChangeAsk(Ask):
    """Change one's password."""

    current_password: Password
    new_password: Password


class AcceptAsk(Ask):
    """Accept an invitation: choose a password; the name may be corrected."""

    token: Token
    password: Password
    first_name: PersonName | None = None
    last_name: PersonName | None = None


class Profile(Wire):
    """What a person has said about themselves."""

    email: str
    email_verified: bool
    first_name: str
    last_name: str
    phone: str | None = None
    timezone: str
    language: str
    last_login_at: Instant | None = None
    version: int = Field(description="What `If-Match` of a change must name.")


class ProfileAsk(Ask):
    """What is to be different; the rest stays."""

    first_name: PersonName | None = None
    last_name: PersonName | None = None
    phone: Phone | None = Field(None, description="null removes it.")
    timezone: TimeZone | None = None
    language: Language | None = None

    @model_validator(mode="after")
    def _only_the_phone_may_be_removed(self) -> Self:
        for name in self.model_fields_set - {"phone"}:
            if getattr(self, name) is None:
                raise PydanticCustomError("null", "{name} cannot be removed", {"name": name})
        return self


class LeaveAsk(Ask):
    """Have one's account erased."""

    password: Password


AgeGroup = Literal[
    "infants",
    "toddlers",
    "preschool",
    "elementary",
    "middle_school",
    "high_school",
    "young_adults",
    "adults",
]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_STATES: Final = frozenset((
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY",
    "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND",
    "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY",
    "DC", "AS", "GU", "MP", "PR", "VI",
))  # fmt: skip
_SUBDIVISION: Final = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


def _item(text: str) -> str:
    item = " ".join(normalize("NFC", text).split())
    if not item:
        raise PydanticCustomError("blank", "an item is not blank")
    return item


def _distinct(items: list[str]) -> list[str]:
    return list(dict.fromkeys(items))


Item = Annotated[str, Field(max_length=100), AfterValidator(_item)]
Short = Annotated[str, Field(max_length=200), AfterValidator(_item)]


def _state(code: str) -> str:
    if code in _STATES or _SUBDIVISION.fullmatch(code):
        return code
    raise PydanticCustomError("unknown_state", "give a state of the USA (CA) or an ISO 3166-2 code (IT-25)")


State = Annotated[
    str,
    AfterValidator(_state),
    Field(description="Where the licence holds: a state of the USA (`CA`), or an ISO 3166-2 code (`IT-25`)."),
]
LicenseType = Annotated[str, Field(pattern=r"^[A-Za-z0-9/-]{2,10}$"), AfterValidator(str.upper)]
LicenseNumber = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{3,20}$"), AfterValidator(str.upper)]
_Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Hours(Ask):
    """From when to when, on the clock of the practice."""

    from_: _Clock = Field(alias="from")
    to: _Clock

    @model_validator(mode="after")
    def _ends_later(self) -> Self:
        if self.to <= self.from_:
            raise PydanticCustomError("invalid_range", "hours end after they begin")
        return self


class ProfessionalAsk(Ask):
    """The licence and practice of a professional, as a whole (children spec A3.10)."""

    license_type: LicenseType | None = None
    license_number: LicenseNumber | None = None
    license_state: State | None = None
    license_expiry: date | None = Field(None, description="From today to ten years from now.")
    primary_specialty: Short | None = None
    subspecialties: Annotated[list[Item], Field(max_length=10), AfterValidator(_distinct)] = []
    certifications: Annotated[list[Item], Field(max_length=15), AfterValidator(_distinct)] = []
    asd_certifications: Annotated[list[Item], Field(max_length=10), AfterValidator(_distinct)] = []
    preferred_age_groups: Annotated[list[AgeGroup], Field(max_length=8), AfterValidator(_distinct)] = []
    treatment_approaches: Annotated[list[Item], Field(max_length=15), AfterValidator(_distinct)] = []
    languages_spoken: Annotated[list[Item], Field(max_length=10), AfterValidator(_distinct)] = ["English"]
    available_days: Annotated[list[Weekday], Field(max_length=7), AfterValidator(_distinct)] = []
    available_hours: dict[Weekday, Hours] = {}
    experience_years: int | None = Field(None, ge=0, le=50)
    asd_experience_years: int | None = Field(None, ge=0, le=50)
    clinic_name: Short | None = None
    clinic_address: Annotated[str, Field(max_length=500), AfterValidator(_item)] | None = None
    clinic_phone: Phone | None = None
    practice_type: Item | None = None
    location: Short | None = Field(None, description="Town or region, for who looks for somebody near.")
    accepts_new_patients: bool = True
    bio: Annotated[str, Field(max_length=2000)] | None = None
    treatment_philosophy: Annotated[str, Field(max_length=1000)] | None = None

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Self:
        licence = (self.license_type, self.license_number, self.license_state)
        if any(licence) and not all(licence):
            raise PydanticCustomError(
                "incomplete_license", "a licence has a type, a number and a state, or none of them"
            )
        if self.license_expiry is not None and self.license_number is None:
            raise PydanticCustomError("incomplete_license", "an expiry belongs to a licence")
        if (self.asd_experience_years or 0) > (self.experience_years or 0):
            raise PydanticCustomError(
                "asd_within_experience", "years with autistic children are part of all years"
            )
        if self.clinic_name is None and (self.clinic_address or self.clinic_phone):
            raise PydanticCustomError("requires_clinic_name", "details of a clinic need its name")
        return self


class Professional(Wire):
    """The same as it is kept; only an admin verifies it. What is read is never refused for its form."""

    license_type: str | None = None
    license_number: str | None = None
    license_state: str | None = None
    license_expiry: date | None = None
    primary_specialty: str | None = None
    subspecialties: list[str] = []
    certifications: list[str] = []
    asd_certifications: list[str] = []
    preferred_age_groups: list[str] = []
    treatment_approaches: list[str] = []
    languages_spoken: list[str] = ["English"]
    available_days: list[str] = []
    available_hours: dict[str, dict[str, str]] = {}
    experience_years: int | None = None
    asd_experience_years: int | None = None
    clinic_name: str | None = None
    clinic_address: str | None = None
    clinic_phone: str | None = None
    practice_type: str | None = None
    location: str | None = None
    accepts_new_patients: bool = True
    bio: str | None = None
    treatment_philosophy: str | None = None
    is_verified: bool = False
    verified_at: Instant | None = None
    version: int = Field(description="What `If-Match` of a change must name; 0: nothing is kept yet.")
