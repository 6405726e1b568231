"""The clock stands at the beginning of one of the limiter's windows."""

import pytest
from time_machine import TimeMachineFixture

from tests.conftest import NOW


@pytest.fixture(autouse=True)
def _clock(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOW)
