"""The performance report: endpoints, bottlenecks, recommendations, trends, and baselines to compare with."""
