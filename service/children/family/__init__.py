"""The people around a child and its own record: what is written, and by whom."""
