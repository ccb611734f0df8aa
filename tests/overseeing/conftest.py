"""A store of its own for each test."""

from tests.reports.conftest import kept

__all__ = ["kept"]
