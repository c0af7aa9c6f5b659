"""Stand-ins for the systems Muster reads from, and the seeded data they serve: for the demo, tests and
benchmarks.

The service itself never imports this room; the command line and the tests do.
"""
