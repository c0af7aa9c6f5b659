"""The envelopes of this site, beside what every site answers with."""

from service.simulators.serving.answers import Answer, html, json_answer


def data(payload: object, status: int = 200, rows: int | None = None) -> Answer:
    """The envelope of documents."""
    return json_answer({"data": payload}, status, rows)


def message(payload: object) -> Answer:
    """The envelope of methods."""
    return json_answer({"message": payload})


def not_allowed(methods: str) -> Answer:
    """405 as the site's web framework answers it (observed)."""
    text = (
        "<!doctype html>\n<html lang=en>\n<title>405 Method Not Allowed</title>\n<h1>Method Not "
        "Allowed</h1>\n"
        "<p>The method is not allowed for the requested URL.</p>\n"
    )
    return html(405, text, (("allow", methods),))
