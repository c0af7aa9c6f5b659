"""From one snapshot to a plan: demand, requirements, weeks, promises, advice (spec E.6)."""
