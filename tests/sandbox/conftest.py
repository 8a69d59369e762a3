"""The invented world that the tests of this folder share."""

import pytest

from freshleads.sandbox.world import World, build_world


@pytest.fixture(scope="session")
def world() -> World:
    """Return the world of seed 1; it is immutable, so all tests may share it."""
    return build_world(1)
