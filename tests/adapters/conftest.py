"""What the tests of the adapters share."""

from tests.adapters.small_disk import small_disk

__all__ = ["small_disk"]
