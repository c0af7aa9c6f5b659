"""What people decide: allocations, changes of orders, substitutes that may be used."""
