"""Children to be added in tests: the least that may be said of one, and what was refused of the rest."""

from typing import Any

import httpx

from tests.children.house import House

CONSENT = [{"purpose": "processing"}]
LEAST: dict[str, Any] = {"name": "Mia", "date_of_birth": "2018-05-04", "consents": CONSENT}


async def add(house: House, who: str = "G1", **more: Any) -> httpx.Response:
    """Ask for a child of the least description and `more`; None leaves a field out."""
    asked = {name: value for name, value in (LEAST | more).items() if value is not None}
    return await house.ask(who, "POST", "", json=asked)


async def added(house: House, who: str = "G1", **more: Any) -> int:
    """The number of a child that was added so."""
    answer = await add(house, who, **more)
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


async def change(house: House, child: int, patch: dict[str, Any], who: str = "G1") -> httpx.Response:
    """Change a child, whatever its version is."""
    return await house.ask(who, "PATCH", f"/{child}", json=patch, headers={"If-Match": "*"})


def refused(answer: httpx.Response) -> set[tuple[str, str]]:
    """Pointer (below the body) and code of every finding of a 422."""
    assert answer.status_code == 422, answer.text
    return {(one["pointer"].removeprefix("/body"), one["code"]) for one in answer.json()["errors"]}
