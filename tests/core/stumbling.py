"""An error whose frames hold a child's name; imports nothing, as processes of tests import it."""


def stumble(child: str) -> None:
    """Fail."""
    told = {"child": child, "frames": [{"name": child}] * 1000}
    raise RuntimeError(f"{len(told)} things went wrong")
