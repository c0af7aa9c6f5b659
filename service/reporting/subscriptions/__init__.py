"""Reports that come by themselves: at a time, into a folder, to a webhook or by e-mail (spec F.5)."""
