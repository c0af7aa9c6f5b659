"""`/metrics`: the families of a process, and those of several workers added up."""
