"""Table operations on columns: what people expect of a data frame, as whole-column functions."""
