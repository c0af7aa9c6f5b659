"""Files into the desk's tables: looked at as a whole, put in force in one transaction or not at all."""
