"""Every path of access: `/v1/access/…` for programs, `/sign-in` and `/sign-out` for browsers."""

from fastapi import APIRouter

from service.access import (
    account_routes,
    api,
    audit_routes,
    browser,
    key_routes,
    mail_pages,
    person_routes,
    token_routes,
)
from service.access.administration import routes as people_routes

router = APIRouter()
for _part in (
    api,
    key_routes,
    token_routes,
    account_routes,
    person_routes,
    people_routes,
    audit_routes,
    browser,
    mail_pages,
):
    router.routes.extend(_part.router.routes)
