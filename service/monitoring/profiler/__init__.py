"""The profiler: where a process spends its time, and the requests that took long."""
