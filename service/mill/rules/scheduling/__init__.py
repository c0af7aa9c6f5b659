"""Finite scheduling (spec E.7): which machine knits which order, from when to when, and why not sooner.

The engine counts hours from a time zero of the caller's; `clock` and `calendars` turn datetimes of the mill
into such hours and back. Pounds are Decimal, hours are float.
"""
