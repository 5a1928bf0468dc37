import pytest

from tests.outbound.simulator import simulating


@pytest.fixture
def simulator(monkeypatch):
    with simulating(monkeypatch) as running:
        yield running
