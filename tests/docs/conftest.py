"""The started server of the API's tests, for the calls that pages show."""

from tests.api.conftest import empty, keys, settings, start, store, world

__all__ = ["empty", "keys", "settings", "start", "store", "world"]
