"""Every SQL statement of the desk: session or connection first, named columns, never commits."""
