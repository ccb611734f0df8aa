"""Measurements that are too slow for tests: real sets, side by side, one run."""
