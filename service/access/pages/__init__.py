"""The sign-in page: one self-contained file, no script, no network."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

_FOLDER = Path(__file__).parent
_STYLE = (_FOLDER / "sign_in.css").read_text("utf-8").strip()
_TEMPLATES = Environment(
    loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    # `same-origin`, not `no-referrer`: with the latter browsers send `Origin: null` with the form.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Vary": "Cookie",
}


def sign_in_page(
    *,
    to: str,
    who: Any = None,
    problem: str | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    """The page: a form for nobody yet, name and sign-out for `who` (a Caller), `problem` in words."""
    text = _TEMPLATES.get_template("sign_in.html").render(style=_STYLE, to=to, who=who, problem=problem)
    return HTMLResponse(text, status, headers={**HEADERS, **(headers or {})})
