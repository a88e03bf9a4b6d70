"""What goes wrong a thousand times is told in one line a minute."""

import pytest

from antiphon.adapters.doors.osc.complaints import Complaint


def test_the_first_time_is_told_and_then_how_often_it_was_in_a_minute(
    caplog: pytest.LogCaptureFixture,
) -> None:
    complaint = Complaint("packets came from strangers")
    for second in range(1000, 1090):
        complaint.count(float(second), f"the last from 10.0.0.{second % 100}")
    assert caplog.messages == [
        "OSC: 1 packets came from strangers; the last from 10.0.0.0",
        "OSC: 60 packets came from strangers; the last from 10.0.0.60",
    ]
    assert complaint.times == 90
