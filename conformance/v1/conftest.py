"""A workspace, a cluster and a way to submit, made with the SDK v1 alone."""

import logging
import shutil
from urllib.parse import unquote

import pytest

from support import hold
from support.runs import FINAL, ended


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
def uploads():
    """The names of the blobs that this process has put, as its HTTP library logs them."""
    puts = Puts()
    logger = logging.getLogger("urllib3.connectionpool")
    before = logger.level
    logger.addHandler(puts)
    logger.setLevel(logging.DEBUG)
    yield puts.names
    logger.removeHandler(puts)
    logger.setLevel(before)


class Puts(logging.Handler):
    """Keeps the last part of every path that was put."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.names = []

    def emit(self, record):
        if record.args and "PUT" in record.args:
            path = str(record.args[record.args.index("PUT") + 1])
            self.names.append(unquote(path.split("?")[0].rsplit("/", 1)[-1]))


@pytest.fixture
def project(tmp_path):
    """Writes names and texts into a source directory, more with each call; `hold` lies beside them."""
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(hold.__file__, folder)

    def write(files=None):
        for name, text in (files or {}).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        return str(folder)
    return write


@pytest.fixture
def submit(ws, cluster, environment):
    """Submits as a user would; what the test leaves running is canceled."""
    from azureml.core import Experiment, ScriptRunConfig

    runs = []

    def submit(folder, script=None, target=None, experiment="trial", **config):
        config.setdefault("environment", environment)
        runs.append(Experiment(ws, experiment).submit(
            ScriptRunConfig(source_directory=folder, script=script, compute_target=target or cluster, **config)))
        return runs[-1]

    yield submit
    for run in runs:
        if run.get_status() not in FINAL:
            run.cancel()
            ended(run)
