"""Following Gartan: which days to ask for, asking for them, putting them in force (spec D.4)."""
