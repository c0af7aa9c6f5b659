"""The figures over time: an hour by 10 s, a day by minute, 30 days by hour, in rings of fixed size."""
