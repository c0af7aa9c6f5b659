"""Files of the mill's ERP: which columns each kind has, how its cells are read, what is told of its rows."""
