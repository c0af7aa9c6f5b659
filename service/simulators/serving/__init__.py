"""What simulated sites have alike: answers and how they travel, a server on a port, faults of the wire."""
