"""What people decide: crewing rules, contacts, ending a lock."""
