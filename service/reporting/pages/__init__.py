"""The HTML pages of reports: Jinja2 templates, one style sheet, one script, no network.

A desk's own template (`Report.page`) lies in `pages/` of the desk's folder and extends `report.html`; charts
are drawn by `chart.html` from `stacked_bars` and `ranked_bars`.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from service.reporting.pages.charts import stacked_bars

_HERE: Final = Path(__file__).parent
_SERVICE: Final = _HERE.parent.parent


def _inline(name: str) -> Markup:
    return Markup((_HERE / name).read_text(encoding="utf-8"))  # noqa: S704  our own files, shipped with us


STYLE: Final = _inline("page.css")
SCRIPT: Final = _inline("page.js") + _inline("decide.js")


def _hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


CONTENT_SECURITY_POLICY: Final = (
    f"default-src 'none'; style-src {_hashed(STYLE)}; script-src {_hashed(SCRIPT)}; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@cache
def templates(desk: str) -> Environment:
    """The templates that a desk's pages are made of, everything escaped."""
    folders = [_SERVICE / desk / "pages", _HERE]
    made = Environment(
        loader=FileSystemLoader([folder for folder in folders if folder.is_dir()]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"style": STYLE, "script": SCRIPT, "stacked_bars": stacked_bars}
    return made
