"""Files that people bring to any desk: received within bounds, opened as rows, with findings for each row."""
