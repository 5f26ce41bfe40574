"""Measurements: each module is run as ``python -m benchmarks.NAME`` and writes its raw numbers to `results`."""
