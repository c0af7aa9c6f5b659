"""Every path of access: `/v1/access/…` for programs, `/sign-in` and `/sign-out` for browsers."""

from fastapi import APIRouter

from service.access import account_routes, api, audit_routes, browser, person_routes, token_routes

router = APIRouter()
router.include_router(api.router)
router.include_router(token_routes.router)
router.include_router(account_routes.router)
router.include_router(person_routes.router)
router.include_router(audit_routes.router)
router.include_router(browser.router)
