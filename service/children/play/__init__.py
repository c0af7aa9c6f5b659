"""Sessions, activities, points: what is written of them."""
