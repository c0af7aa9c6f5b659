"""The pages of signing in: self-contained, no script, no network, in English and Spanish."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import HTMLResponse

from service.access.pages.words import WORDS, language_of
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
    "Vary": "Accept-Language, Cookie",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a form is shown again: a word of `WORDS`, its values, and the answer's status and headers."""

    word: str
    status: int
    retry_after: str | None = None

    def told(self, language: str) -> str:
        """In words."""
        return WORDS[language][self.word].replace("{seconds}", self.retry_after or "1")

    def headers(self) -> dict[str, str]:
        """`Retry-After` where there is one."""
        return {} if self.retry_after is None else {"Retry-After": self.retry_after}


@dataclass(frozen=True, slots=True)
class MailPage:
    """A page that a mail leads to: words of its title, text and button, and what it asks for."""

    path: str
    title: str
    button: str
    field: Literal["email", "password", "none"]
    text: str | None = None


def sign_in_page(
    language: str,
    *,
    to: str,
    who: Any = None,
    problem: Problem | None = None,
    by: Literal["password", "key"] = "password",
    email: str = "",
) -> HTMLResponse:
    """The page: two forms for nobody yet, name and sign-out for `who` (a Caller); `by` what was tried."""
    return _page("sign_in.html", language, problem, to=to, who=who, by=by, email=email)


def mail_page(
    language: str,
    shown: MailPage,
    *,
    token: str = "",
    done: str | None = None,
    problem: Problem | None = None,
) -> HTMLResponse:
    """A page that a mail leads to; `done` is the word for that it worked."""
    return _page("mail_page.html", language, problem, shown=shown, token=token, done=done)


def page_language(request: Request, asked: str | None = None) -> str:
    """The language of a page: of the form or address, else of the browser."""
    return language_of(asked or request.query_params.get("locale"), request.headers.get("accept-language"))


def _page(template: str, language: str, problem: Problem | None, **values: Any) -> HTMLResponse:
    text = _TEMPLATES.get_template(template).render(
        locale=language,
        words=WORDS[language],
        problem=None if problem is None else problem.told(language),
        **values,
    )
    more = {} if problem is None else problem.headers()
    return HTMLResponse(text, 200 if problem is None else problem.status, headers={**HEADERS, **more})
