"""What travels about children: one file for each part of the desk."""
