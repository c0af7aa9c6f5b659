"""What Gartan says, translated into our words."""
