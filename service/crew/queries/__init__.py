"""Every SQL statement of the desk: session or connection first, never commits."""
