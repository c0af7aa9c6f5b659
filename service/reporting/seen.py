"""`Min-Data-Version`: the versions a reader has already seen, from a write or an earlier answer."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Header, Request

from service.core.versions import parse_token

MinDataVersion = Annotated[
    str | None,
    Header(
        alias="Min-Data-Version",
        description="`Data-Version` of a write or an earlier answer: nothing older is served.",
    ),
]


def least_versions(request: Request, sent: str | None) -> Mapping[str, int] | None:
    """The versions of the header that was sent; read already where the response cache stands in front.

    Raises `BadRequest` (`bad_data_version`).
    """
    known: Mapping[str, int] | None = request.scope["state"].get("min_versions")
    if known is not None:
        return known
    return None if sent is None else parse_token(sent)
