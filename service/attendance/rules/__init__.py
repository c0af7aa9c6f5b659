"""The attendance rules: pure functions from punches, schedules and leave to days that can be signed.

`evaluate` computes whole periods set-wise; `explain_day` says why one day came out as it did; `RuleSet` holds
the parameters. No I/O and no clock: what is known by when is an argument.
"""
