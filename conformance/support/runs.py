"""Looking at a run of the SDK v1 while it goes on."""

import io
import json
import sys
import zipfile
from contextlib import contextmanager

from support.waiting import wait_until

JOB_SECONDS = 60
FINAL = ("Completed", "Failed", "Canceled")


def ended(run, deadline=JOB_SECONDS):
    """The run's last status, once it has one."""
    return wait_until(lambda: _in(run, FINAL), f"the end of run {run.id}", deadline)


def reached(run, status, deadline=JOB_SECONDS):
    """Waits until the run has this status; a final one in its place fails at once."""
    found = wait_until(lambda: _in(run, (status, *FINAL)), f"run {run.id} to be {status}", deadline)
    assert found == status, f"the run is {found}: {error_of(run)}"


def _in(run, statuses):
    status = run.get_status()
    return status if status in statuses else None


def log_of(run):
    """What the job printed, whatever the service calls that file."""
    logs = run.get_details_with_logs()["logFiles"]
    return "".join(text for name, text in sorted(logs.items()) if "std_log" in name or "driver_log" in name)


def error_of(run):
    """The error in the run's details, as text."""
    return json.dumps(run.get_details()["error"])


def names_in(zip_path):
    """What lies in a snapshot that was restored: names and contents."""
    with zipfile.ZipFile(zip_path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


class Screen(io.StringIO):
    """Stands in for the terminal, and does what is asked for when a text has appeared on it."""

    def __init__(self, on_text):
        super().__init__()
        self._on_text = on_text

    def write(self, text):
        written = super().write(text)
        for wanted in [wanted for wanted in self._on_text if wanted in self.getvalue()]:
            self._on_text.pop(wanted)()
        return written


@contextmanager
def screen(on_text):
    """Watches stdout; `on_text` maps a text to what is done when it appears."""
    before, sys.stdout = sys.stdout, Screen(dict(on_text))
    try:
        yield sys.stdout
    finally:
        sys.stdout = before
