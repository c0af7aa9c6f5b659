"""x"""

DESK = None
