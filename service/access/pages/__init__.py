"""The sign-in page: one self-contained file, no script, no network."""

from pathlib import Path
from typing import Any

from starlette.responses import HTMLResponse

from service.core.pages import csp_hash, inline, template_environment

_FOLDER = Path(__file__).parent
_STYLE = inline(_FOLDER / "sign_in.css").strip()
_TEMPLATES = template_environment(_FOLDER, style=_STYLE)
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src {csp_hash(_STYLE)}; form-action 'self'; "
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
    text = _TEMPLATES.get_template("sign_in.html").render(locale="en", to=to, who=who, problem=problem)
    return HTMLResponse(text, status, headers={**HEADERS, **(headers or {})})
