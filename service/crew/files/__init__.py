"""Files that people bring, read into observations and contacts (spec A.8, A.9)."""
