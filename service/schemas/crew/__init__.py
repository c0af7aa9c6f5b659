"""What travels on the wire of the crew desk, one file for each part."""
