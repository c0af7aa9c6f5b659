"""Turns every failure of a request into a problem document: ours, the framework's, the database's.

`install` registers the handlers inside the framework, `Edge` stands outside of it and answers for what no
handler sees: bodies that are too large, hosts we are not, and whatever a layer or a route did not expect.
"""

from service.core.problems.edge import LARGEST_BODY, Edge
from service.core.problems.failures import database_error, database_is_away, failure_of
from service.core.problems.handlers import install
from service.core.problems.kinds import MethodNotAllowed, PayloadTooLarge, UnsupportedMedia
from service.core.problems.validation import validation_error

__all__ = [
    "LARGEST_BODY",
    "Edge",
    "MethodNotAllowed",
    "PayloadTooLarge",
    "UnsupportedMedia",
    "database_error",
    "database_is_away",
    "failure_of",
    "install",
    "validation_error",
]
