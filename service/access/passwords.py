"""Passwords: what is taken as one, how it is hashed, how one is checked (children spec E1).

Hashing takes 26 ms of a processor and 19 MiB on purpose, so it is done in a thread.
"""

from functools import cache
from importlib.resources import files
from typing import Final
from unicodedata import normalize

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from service.access.tokens import new_secret
from service.core.compute import Compute
from service.core.errors import FieldError, Invalid

SHORTEST: Final = 10
LONGEST: Final = 128
FREE_FROM: Final = 15
"""From this length on nobody has to mix upper and lower case and digits."""
# argon2id as OWASP's cheat sheet asks for. RFC 9106's 64 MiB and 3 passes take eight times as long (208 ms of
# a processor, not 26): at a door open to everybody that stops the service before it stops the guesser.
_HASHES: Final = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))


def require_good(password: str, *, email: str, pointer: str = "/body/password") -> None:
    """Raise `Invalid` with the code of the rule that the password breaks."""
    broken = _broken(_form(password), email)
    if broken is not None:
        code, detail = broken
        raise Invalid(detail, errors=[FieldError(pointer, code, detail)])


async def hashed(compute: Compute, password: str) -> str:
    """What is kept of a password: its argon2id hash with salt and cost."""
    return await compute.in_thread(_HASHES.hash, _form(password))


async def checked(compute: Compute, password: str, kept: str | None) -> tuple[bool, str | None]:
    """Whether a password is the one kept, and a new hash where the kept one is of an older cost.

    For nobody (None) a random one is compared with, so that both ways take the same steps.
    """
    return await compute.in_thread(_compare, _form(password), kept)


def _compare(password: str, kept: str | None) -> tuple[bool, str | None]:
    nobody = _nobody()
    right, fresh = _HASHES.verify_and_update(password[: LONGEST + 1], kept or nobody)
    return right and kept is not None, fresh


@cache
def _nobody() -> str:
    return _HASHES.hash(new_secret())


def _form(password: str) -> str:
    return normalize("NFKC", password)  # typed on another keyboard it is the same one


def _broken(password: str, email: str) -> tuple[str, str] | None:
    if len(password) < SHORTEST:
        return "too_short", f"a password has at least {SHORTEST} characters"
    if len(password) > LONGEST:
        return "too_long", f"a password has at most {LONGEST} characters"
    if len(password) < FREE_FROM and not _is_mixed(password):
        return (
            "not_mixed",
            f"below {FREE_FROM} characters a password has an upper and a lower case letter and a digit",
        )
    if _is_known(password, email):
        return "too_common", "this password is among those that are tried first; choose another one"
    return None


def _is_mixed(password: str) -> bool:
    return (
        any(map(str.isupper, password))
        and any(map(str.islower, password))
        and any(map(str.isdigit, password))
    )


def _is_known(password: str, email: str) -> bool:
    plain = password.casefold()
    stem = plain.strip("0123456789!?.,-_*#$%&@ ")
    own = {email.casefold(), email.partition("@")[0].casefold()}
    few = len(set(plain)) < 5
    return few or plain in own or (len(stem) > 3 and stem in own) or not _denied().isdisjoint({plain, stem})


@cache
def _denied() -> frozenset[str]:
    return frozenset(files(__package__).joinpath("denied_passwords.txt").read_text("utf-8").splitlines())
