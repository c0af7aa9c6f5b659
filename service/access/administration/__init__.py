"""What admins do with people: invite, stop, give roles at desks, verify licences; and who is found."""
