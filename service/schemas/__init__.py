"""What travels on the wire: pydantic models and nothing else, one file per desk, plus ``envelope``."""
