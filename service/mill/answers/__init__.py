"""What several routes and reports answer with."""
