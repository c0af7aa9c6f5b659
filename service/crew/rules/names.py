"""The key of a name in a grid (spec D.1.7): the same person, however the name is spaced or written."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_COMMA = re.compile(r"\s*,\s*")


def name_key(name: str) -> str:
    """Upper-case, NFKC, inner spaces as one, one space after a comma."""
    plain = unicodedata.normalize("NFKC", name).strip()
    return _COMMA.sub(", ", _SPACES.sub(" ", plain)).upper()
