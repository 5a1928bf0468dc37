import pytest

from tests.carriers.simulator import simulating


@pytest.fixture
def simulator():
    with simulating() as running:
        yield running
