"""The platform every room stands on; it knows none of them."""
