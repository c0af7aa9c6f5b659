"""The upstream's own rules to the letter (spec D.4-D.9, D.12): what `frappe_hr` says."""
