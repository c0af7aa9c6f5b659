"""Every operation of an application, asked by callers of different rights (Q59)."""

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from service.reporting.openapi import openapi_document

_METHODS = ("get", "post", "put", "patch", "delete")


def operations(app: FastAPI) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path (its parameters filled) and declaration of every operation in the OpenAPI."""
    for template, item in openapi_document(app, [])["paths"].items():
        for method in _METHODS:
            if method in item:
                yield method.upper(), re.sub(r"{[^}]+}", "ab12cd34", template), item[method]
