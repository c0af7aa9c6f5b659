"""`If-Match`: who changes something says which version of it was read (428 without, 412 when it is stale)."""

from service.core.errors import PreconditionFailed, PreconditionRequired


def require_version(version: int, if_match: str | None) -> None:
    """Raise unless `If-Match` names the version that is there (or any, `*`)."""
    if if_match is None:
        raise PreconditionRequired(f'send If-Match: "{version}", the version (ETag) of what you change')
    offered = {tag.strip().removeprefix("W/").strip('"') for tag in if_match.split(",")}
    if not offered & {str(version), "*"}:
        raise PreconditionFailed(f"it is at version {version} by now; read it again")
