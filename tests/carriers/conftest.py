import pytest

from tests.carriers.simulator import simulating


@pytest.fixture
def simulator(monkeypatch):
    with simulating(monkeypatch) as running:
        yield running
