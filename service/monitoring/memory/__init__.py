"""The memory of a process: how it grows, what holds it, what collecting costs, and the clean-up."""
