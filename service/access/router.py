"""Every path of access: `/v1/access/…` for programs, `/sign-in` and `/sign-out` for browsers."""

from fastapi import APIRouter

from service.access import api, audit_routes, browser

router = APIRouter()
router.include_router(api.router)
router.include_router(audit_routes.router)
router.include_router(browser.router)
