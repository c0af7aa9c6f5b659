"""Files of code as people are shown them: never by where they lie on this machine."""

import sys
from functools import lru_cache
from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parents[1]


@lru_cache(maxsize=4096)
def shown_file(name: str) -> str:
    """Ours from the package on (`service/…`), others from where Python finds them, with `lib/` before.

    What is no file (`<string>`, `<built-in>`) stays as it is.
    """
    path = Path(name)
    if name.startswith("<"):
        return name
    if path.is_relative_to(_PACKAGE):
        return str(path.relative_to(_PACKAGE.parent))
    for root in sorted(sys.path, key=len, reverse=True):
        if root and path.is_relative_to(root):
            return f"lib/{path.relative_to(root)}"
    return f"lib/{path.name}"
