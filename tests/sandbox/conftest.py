"""The invented world that the tests of this folder share."""

from collections.abc import Iterator

import pytest

from freshleads.sandbox.server import Sandbox
from freshleads.sandbox.world import World, build_world
from tests.sandbox.places import Places


@pytest.fixture(scope="session")
def world() -> World:
    """Return the world of seed 1; it is immutable, so all tests may share it."""
    return build_world(1)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def places(sandbox: Sandbox) -> Iterator[Places]:
    client = Places(sandbox)
    yield client
    client.session.close()
