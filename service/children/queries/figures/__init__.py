"""Figures as statements: one for each question, the visibility predicate inside (spec D5.2, D7)."""
