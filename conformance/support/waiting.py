"""Waiting for a condition, never for a time."""

import time

POLL_SECONDS = 0.05


def wait_until(condition, what, deadline=30.0):
    """Returns the first true value of `condition()`; fails with `what` and the last value when the deadline passes."""
    ends = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > ends:
            raise AssertionError(f"after {deadline:g} s still waiting for {what}; last seen: {value!r}")
        time.sleep(POLL_SECONDS)
