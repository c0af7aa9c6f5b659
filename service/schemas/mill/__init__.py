"""What travels on the wire of the mill desk."""
