"""A workspace, a cluster and a way to submit, made with the SDK v1 alone."""

import io
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from support import hold
from support.waiting import wait_until

JOB_SECONDS = 60
FINAL = ("Completed", "Failed", "Canceled")


@pytest.fixture(scope="module")
def ws(subscription):
    from azureml.core import Workspace

    return Workspace.create(
        name="laboratory", subscription_id=subscription, resource_group="research", location="koreacentral",
        create_resource_group=True, show_output=False)


@pytest.fixture(scope="module")
def cluster(ws):
    """Up to two nodes; none until a job wants one."""
    from azureml.core.compute import AmlCompute, ComputeTarget

    wanted = AmlCompute.provisioning_configuration(vm_size="STANDARD_D2_V2", min_nodes=0, max_nodes=2)
    made = ComputeTarget.create(ws, "cpu-cluster", wanted)
    made.wait_for_completion()
    return made


@pytest.fixture
def environment():
    """A Python that is there already, in the image that the SDK names when the user names none: nothing is built."""
    from azureml.core import Environment

    ready_made = Environment("ready-made")
    ready_made.python.user_managed_dependencies = True
    return ready_made


@pytest.fixture
def project(tmp_path):
    """Makes a source directory out of names and texts; `hold` lies beside them."""
    def make(**files):
        folder = tmp_path / "project"
        folder.mkdir(exist_ok=True)
        shutil.copy(hold.__file__, folder / "hold.py")
        return write(folder, files)
    return make


def write(folder, files):
    for name, text in files.items():
        path = Path(folder, name.replace("__", "/").replace("_py", ".py"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return str(folder)


@pytest.fixture
def submit(ws, cluster, environment):
    """Submits as a user would; what the test leaves running is canceled."""
    from azureml.core import Experiment, ScriptRunConfig

    runs = []

    def submit(folder, script=None, target=None, tags=None, experiment="trial", **config):
        config.setdefault("environment", environment)
        runs.append(Experiment(ws, experiment).submit(
            ScriptRunConfig(source_directory=folder, script=script, compute_target=target or cluster, **config),
            tags=tags))
        return runs[-1]

    yield submit
    for run in runs:
        if run.get_status() not in FINAL:
            run.cancel()
            ended(run)


def ended(run, deadline=JOB_SECONDS):
    """The run's last status, once it has one."""
    return wait_until(lambda: _in(run, FINAL), f"the end of run {run.id}", deadline)


def reached(run, *statuses, deadline=JOB_SECONDS):
    """Waits until the run has one of these statuses; any other final one fails at once."""
    status = wait_until(lambda: _in(run, statuses + FINAL), f"run {run.id} to be {' or '.join(statuses)}", deadline)
    assert status in statuses, f"the run is {status}: {run.get_details().get('error')}"
    return status


def _in(run, statuses):
    status = run.get_status()
    return status if status in statuses else None


def log_of(run):
    """What the job printed, as get_all_logs hands it over."""
    logs = run.get_details_with_logs()["logFiles"]
    return "".join(text for name, text in sorted(logs.items()) if "std_log" in name or "driver_log" in name)


class Screen(io.StringIO):
    """Stands in for the terminal and tells when a text has appeared on it."""

    def __init__(self, on_text):
        super().__init__()
        self._on_text = on_text

    def write(self, text):
        written = super().write(text)
        for wanted in [wanted for wanted in self._on_text if wanted in self.getvalue()]:
            self._on_text.pop(wanted)()
        return written


@contextmanager
def screen(**on_text):
    """Watches stdout; `on_text` maps a text to what is done when it appears."""
    before, sys.stdout = sys.stdout, Screen(dict(on_text))
    try:
        yield sys.stdout
    finally:
        sys.stdout = before
