"""Every SQL statement of the desk; the connection comes first, nothing here commits."""
