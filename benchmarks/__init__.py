"""Timings side by side: ours and a peer or limit in the same run, interleaved; `python -m benchmarks`."""
