"""Where sealed texts of a child belong (`core/sealing`): moved elsewhere, they do not open."""


def safety_place(child_id: int, column: str) -> str:
    """Of medical conditions and medications: JSON lists."""
    return f"child:{child_id}/{column}"


def contact_place(child_id: int, column: str) -> str:
    """Of the phone and e-mail of those who are called in an emergency."""
    return f"child:{child_id}/contact/{column}"
