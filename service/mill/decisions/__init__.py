<<<<<<< HEAD
"""What people decide, written with its audit and the data versions it raises."""
=======
"""What people decide: allocations, changes of orders, substitutes that may be used."""
>>>>>>> m_orders
