"""The HTML pages of reports: Jinja2 templates, one style sheet, one script, no network.

A desk's own template (`Report.page`) lies in `pages/` of the desk's folder and extends `report.html`; charts
are drawn by `chart.html` from `stacked_bars` and `ranked_bars`.
"""

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment

from service.core.pages import csp_hash, inline, template_environment
from service.reporting.pages.charts import stacked_bars

_HERE: Final = Path(__file__).parent
_SERVICE: Final = _HERE.parent.parent


STYLE: Final = inline(_HERE / "page.css")
SCRIPT: Final = inline(_HERE / "page.js") + inline(_HERE / "decide.js")

CONTENT_SECURITY_POLICY: Final = (
    f"default-src 'none'; style-src {csp_hash(STYLE)}; script-src {csp_hash(SCRIPT)}; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@cache
def templates(desk: str) -> Environment:
    """The templates that a desk's pages are made of, everything escaped."""
    folders = [_SERVICE / desk / "pages", _HERE]
    made = template_environment(*(folder for folder in folders if folder.is_dir()), style=STYLE)
    made.globals |= {"script": SCRIPT, "stacked_bars": stacked_bars}
    return made
