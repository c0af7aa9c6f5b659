"""Alert rules as data: figures, reports, gaps and the age of data, judged every 30 seconds, told once."""
