"""Who is available until when, hours, appliances, gaps: what routes, reports and warnings share (D.5)."""
