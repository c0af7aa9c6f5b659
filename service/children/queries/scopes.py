"""The data versions of the desk: by child, and within a child by what changes together (spec D8)."""


def of_child(child_id: int) -> str:
    """The child's own record: profile, points, who stands around it."""
    return f"child/{child_id}"


def of_sessions(child_id: int) -> str:
    """Its sessions of play."""
    return f"child/{child_id}/sessions"


def of_activities(child_id: int) -> str:
    """Its activities."""
    return f"child/{child_id}/activities"


def of_writings(child_id: int) -> str:
    """Notes, assessments and reports about it."""
    return f"child/{child_id}/writings"
