"""What people decide, written with its audit and the data versions it raises."""
