"""Which format a caller asks for: `format=` first, then `Accept` (RFC 9110), else JSON."""

from collections.abc import Mapping

from service.core.errors import ServiceError


class NotAcceptable(ServiceError):
    """None of the formats that `Accept` names is offered here."""

    status, code, title = 406, "not_acceptable", "This format is not offered here"


def chosen_format(asked: str | None, accept: str | None, offered: Mapping[str, str]) -> str:
    """The name of a format; `offered` maps names to media types, the first is the default.

    Raises `NotAcceptable` when `Accept` leaves none.
    """
    if asked is not None:
        return asked
    if not accept:
        return next(iter(offered))
    wanted = _preferences(accept)
    ranked = [
        (_quality(media_type.partition(";")[0], wanted), -place, name)
        for place, (name, media_type) in enumerate(offered.items())
    ]
    quality, _, name = max(ranked)
    if quality <= 0:
        raise NotAcceptable(f"offered are {', '.join(offered)}; name one with format=")
    return name


def _preferences(accept: str) -> dict[str, float]:
    wanted: dict[str, float] = {}
    for part in accept.split(","):
        media_type, *options = (piece.strip().lower() for piece in part.split(";"))
        weight = next((option[2:] for option in options if option.startswith("q=")), "1")
        try:
            wanted[media_type] = min(1.0, max(0.0, float(weight)))
        except ValueError:
            wanted[media_type] = 0.0
    return wanted


def _quality(media_type: str, wanted: Mapping[str, float]) -> float:
    kind = media_type.partition("/")[0]
    for pattern in (media_type, f"{kind}/*", "*/*"):
        if pattern in wanted:
            return wanted[pattern]
    return 0.0
