"""What a route about oneself needs: a person who signed in, no key and no token for something special."""

from typing import Annotated

from fastapi import Depends

from service.core.auth import Caller, needs
from service.core.errors import NotAllowed


async def _person(caller: Annotated[Caller, Depends(needs())]) -> Caller:
    special = caller.bound is not None or caller.break_glass is not None
    if caller.person is None or caller.kind == "key" or special:
        raise NotAllowed("this is for people who signed in themselves", code="person_required")
    return caller


PersonDep = Annotated[Caller, Depends(_person)]
"""The caller, known to be a person who signed in."""


def number(caller: Caller) -> int:
    """The number of a caller of `PersonDep`."""
    assert caller.person is not None
    return caller.person
