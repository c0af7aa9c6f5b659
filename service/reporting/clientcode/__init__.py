"""Writes the typed client's desks from the service's own OpenAPI, so that the two cannot differ."""

from service.reporting.clientcode._operations import ClientCodeError, untyped_answers
from service.reporting.clientcode._package import HEADER, client_source, write_client

__all__ = ["HEADER", "ClientCodeError", "client_source", "untyped_answers", "write_client"]
