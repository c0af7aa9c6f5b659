"""The login page's form: every field that it wants back, hidden state included (spec A.1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from service.crew.upstream.failures import NotSignedIn

USER, PASSWORD, BUTTON = "txt_userid", "txt_pword", "btnLogin"
Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LoginForm:
    """Where it is posted to, and its fields in their order."""

    action: str
    fields: tuple[tuple[str, str], ...]

    def filled(self, user: str, password: str) -> Fields:
        """The fields with user and password, and the button that is pressed."""
        forced = {USER: user, PASSWORD: password}
        kept = [(name, value) for name, value in self.fields if name not in forced]
        pressed = [] if any(name == BUTTON for name, _ in kept) else [(BUTTON, "Sign In")]
        return [*kept, *forced.items(), *pressed]


def login_form(page: bytes, url: str) -> LoginForm:
    """The first form of the page that came from `url`. Raises `NotSignedIn` (`login_form_missing`)."""
    form = _first_form(page)
    if form is None:
        raise NotSignedIn("the login page has no form", code="login_form_missing")
    action = urljoin(url, (form.get("action") or "").strip())
    if urlsplit(url).scheme == "https" and urlsplit(action).scheme != "https":
        # A password that was to travel encrypted is not sent in the clear, whatever the page says.
        raise NotSignedIn("the login form leads out of HTTPS", code="login_form_missing")
    return LoginForm(action, tuple(_fields(form)))


def _first_form(page: bytes) -> html.HtmlElement | None:
    try:
        document = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):  # nothing in it, or nothing that is text
        return None
    return next(iter(document.iter("form")), None)


def _fields(form: html.HtmlElement) -> Iterator[tuple[str, str]]:
    for field in form.iter("input", "textarea", "select"):
        name = field.get("name")
        if name:
            yield name, _value(field)


def _value(field: html.HtmlElement) -> str:
    if field.tag == "textarea":
        return str(field.text_content())
    if field.tag == "select":
        return _chosen(field)
    ticked = field.get("type", "").lower() in ("checkbox", "radio")
    return str(field.get("value", "on" if ticked else ""))


def _chosen(select: html.HtmlElement) -> str:
    options = list(select.iter("option"))
    chosen = next((one for one in options if one.get("selected") is not None), next(iter(options), None))
    if chosen is None:
        return ""
    return str(chosen.get("value", chosen.text_content().strip()))
