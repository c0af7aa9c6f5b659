"""Adults: parents of families, the professionals around them, an admin."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from service.simulators.families import words
from service.simulators.families.plan import ADMIN, DOMAIN, PARENT, PROFESSIONAL, Plan

PROFESSIONALS = 8
"""One more for each forty children; the last one is not verified."""


class PersonRow(NamedTuple):
    """A row of `muster.auth_users`."""

    id: int
    email: str
    first_name: str
    last_name: str
    phone: str | None
    role: str
    status: str
    is_verified: bool
    email_verified_at: datetime
    timezone: str
    created_at: datetime


class ProfileRow(NamedTuple):
    """A row of `muster.professional_profiles`."""

    user_id: int
    license_type: str
    license_number: str
    license_state: str
    primary_specialty: str
    experience_years: int
    asd_experience_years: int
    clinic_name: str
    is_verified: bool
    verified_at: datetime | None
    verified_by: str | None


@dataclass(frozen=True, slots=True)
class Family:
    """A household: its zone, its adults (the first is the primary guardian), how many children."""

    number: int
    zone: str
    surname: str
    adults: tuple[int, ...]
    children: int


@dataclass(frozen=True, slots=True)
class Adults:
    """Everybody who can sign in, and who of them belongs together."""

    people: list[PersonRow]
    profiles: list[ProfileRow]
    families: list[Family]
    professionals: list[int]
    """Those who are verified; the first is the one who can sign in."""
    unverified: int


def households(plan: Plan) -> list[tuple[int, int]]:
    """(adults, children) of each family, until there are as many children as planned."""
    found: list[tuple[int, int]] = []
    left = plan.children
    while left > 0:
        number = len(found)
        children = min(left, 2 if number % 3 == 0 else 1)
        found.append((2 if number % 2 == 0 else 1, children))
        left -= children
    return found


def adults(plan: Plan, ids: Iterator[int]) -> Adults:
    """Everybody grown up; `ids` gives a number to each."""
    people: list[PersonRow] = []
    families: list[Family] = []
    for number, (grown, children) in enumerate(households(plan)):
        zone = words.ZONES[number % len(words.ZONES)]
        surname = words.LAST[number % len(words.LAST)]
        rows = [_parent(plan, next(ids), number, place, surname, zone) for place in range(grown)]
        people += rows
        families.append(Family(number, zone, surname, tuple(row.id for row in rows), children))
    experts = [_professional(plan, next(ids), number) for number in range(_professionals(plan))]
    people += [*experts, _person(plan, next(ids), ADMIN, ("Ada", "Admin"), "admin", "UTC")]
    profiles = [
        _profile(plan, row.id, number, verified=row is not experts[-1]) for number, row in enumerate(experts)
    ]
    return Adults(people, profiles, families, [row.id for row in experts[:-1]], experts[-1].id)


def _professionals(plan: Plan) -> int:
    return PROFESSIONALS + plan.children // 40


def _parent(plan: Plan, id_: int, family: int, place: int, surname: str, zone: str) -> PersonRow:
    email = PARENT if (family, place) == (0, 0) else f"parent-{family:05}-{place}@{DOMAIN}"
    first = words.FIRST[(family * 5 + place * 3) % len(words.FIRST)]
    return _person(plan, id_, email, (first, surname), "parent", zone)


def _professional(plan: Plan, id_: int, number: int) -> PersonRow:
    email = PROFESSIONAL if number == 0 else f"professional-{number:04}@{DOMAIN}"
    name = _named(words.FIRST, number * 7 + 2), _named(words.LAST, number * 3 + 1)
    return _person(plan, id_, email, name, "professional", "Europe/Rome")


def _person(plan: Plan, id_: int, email: str, name: tuple[str, str], role: str, zone: str) -> PersonRow:
    phone = f"+39 02 {plan.chance('phone', email).randrange(10**6, 10**7)}"
    return PersonRow(id_, email, *name, phone, role, "active", True, plan.since, zone, plan.since)


def _profile(plan: Plan, id_: int, number: int, *, verified: bool) -> ProfileRow:
    years = 3 + number * 2 % 20
    return ProfileRow(
        user_id=id_,
        license_type="PSY",
        license_number=f"DEMO-{number + 1:04}",
        license_state="IT-25",
        primary_specialty=_named(words.SPECIALTIES, number),
        experience_years=years,
        asd_experience_years=years // 2,
        clinic_name="Centro Arcobaleno",
        is_verified=verified,
        verified_at=plan.since if verified else None,
        verified_by="system" if verified else None,
    )


def _named(of: Sequence[str], number: int) -> str:
    return of[number % len(of)]
