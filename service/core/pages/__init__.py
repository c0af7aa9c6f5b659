"""What every HTML page stands on: its head (`page.html`), how templates are read, hashes of inline code."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_HERE: Final = Path(__file__).parent


def template_environment(*folders: Path, style: Markup) -> Environment:
    """Templates of these folders, the first that has one; everything escaped. `style` is their style sheet.

    A page extends `page.html`, is rendered with `locale`, and says its own `title` and `body`.
    """
    made = Environment(
        loader=FileSystemLoader([*folders, _HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["style"] = style
    return made


def inline(path: Path) -> Markup:
    """A file of ours that lies inside pages as it is: a style sheet or a script."""
    return Markup(path.read_text(encoding="utf-8"))  # noqa: S704  our own files, shipped with us


def csp_hash(text: str) -> str:
    """How a content security policy names inline code."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
