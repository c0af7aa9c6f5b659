"""What travels on the wire about the service itself, one file per topic."""
