"""Benchmarks: `make bench`. They measure and print; they assert nothing."""

import local  # noqa: F401 - makes the baton package importable, as on every developer's tool
