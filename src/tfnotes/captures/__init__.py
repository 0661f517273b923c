"""Captures: benchmarks and GPU blocks, run on a named machine and kept under its name."""
