"""Every SQL statement of the desk: connection first, set-wise, never commits."""
