"""Remote login to the nodes of a cluster (`admin_username` and `remote_login_port_public_access` of azureml-core's AmlCompute)."""

import shutil
import subprocess

import pytest
from azureml.core import Experiment, ScriptRunConfig
from azureml.core.compute import AmlCompute, ComputeTarget

from support import hold
from support.runs import ended, reached
from support.ssh import ssh
from support.waiting import wait_until

pytestmark = pytest.mark.runtime("process", "docker")

SCRIPT = """
import hold
open("here.txt", "w").write("beside the job")
hold.until("go")
"""


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    path = tmp_path_factory.mktemp("key") / "id"
    subprocess.run(["ssh-keygen", "-q", "-t", "rsa", "-N", "", "-f", str(path)], check=True)
    return path


@pytest.fixture(scope="module")
def clusters(ws, key):
    """One that lets its administrator in by key and by password, and one that does not."""
    made = [ComputeTarget.create(ws, name, AmlCompute.provisioning_configuration(
        vm_size="STANDARD_D2_V2", min_nodes=0, max_nodes=1, admin_username="boss", admin_user_password="A pass-word 1",
        admin_user_ssh_key=key.with_suffix(".pub").read_text().strip(), remote_login_port_public_access=access))
        for name, access in (("open", "Enabled"), ("closed", "Disabled"))]
    for cluster in made:
        cluster.wait_for_completion()
    return made


@pytest.fixture(scope="module")
def runs(ws, clusters, tmp_path_factory):
    from azureml.core import Environment

    environment = Environment("ready-made")
    environment.python.user_managed_dependencies = True
    folder = tmp_path_factory.mktemp("held")
    shutil.copy(hold.__file__, folder)
    (folder / "train.py").write_text(SCRIPT)
    started = [Experiment(ws, "entered").submit(ScriptRunConfig(
        str(folder), "train.py", compute_target=cluster, environment=environment)) for cluster in clusters]
    yield started
    for run in started:
        run.tag("go", "yes")
        assert ended(run) == "Completed", run.get_details()


def test_the_administrator_enters_a_node_beside_its_job(clusters, runs, key, tmp_path):
    for run in runs:
        reached(run, "Running")
    (node,) = clusters[0].list_nodes()
    assert node["publicIpAddress"] == "127.0.0.1" and node["runId"] == runs[0].id
    door = {"host": node["publicIpAddress"], "port": node["port"], "user": "boss"}

    shown = wait_until(
        lambda: (said := ssh("cat here.txt; echo to-err >&2; exit 3", key=key, **door)).stdout and said, "the job's file")
    assert (shown.stdout, shown.stderr, shown.returncode) == ("beside the job", "to-err\n", 3)
    assert ssh("cat", key=key, given="through", **door).stdout == "through"
    by_password = ssh("test -t 0 && echo a terminal", password=(tmp_path, "A pass-word 1"), terminal=True, **door)
    assert by_password.stdout.strip() == "a terminal", by_password.stderr

    assert "Permission denied" in ssh("true", password=(tmp_path, "guessed"), **door).stderr
    assert "Permission denied" in ssh("true", key=key, **{**door, "user": "root"}).stderr


def test_a_node_whose_port_is_closed_has_no_address(clusters, runs):
    (node,) = clusters[1].list_nodes()
    assert node["publicIpAddress"] is None and node["runId"] == runs[1].id
