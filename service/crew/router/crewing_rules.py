"""What is asked of the crew of an appliance: read, tried out, replaced."""

from fastapi import APIRouter

router = APIRouter()
