"""Muster: answers people can sign. Importing this package pulls in nothing else."""

__version__ = "0.1.0"
