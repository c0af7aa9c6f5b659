"""What can go wrong with the embedded PostgreSQL, each told in one sentence."""

from service.core.errors import ServiceError


class EmbeddedError(ServiceError):
    """The embedded PostgreSQL cannot be set up, started or stopped."""

    status, code, title = 503, "embedded_database", "The embedded database is not available"


class HomeInUse(EmbeddedError):
    """Another living process owns this home; two owners of one cluster are refused."""

    code, title = "home_in_use", "Another process owns this home"
