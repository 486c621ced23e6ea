"""Runs that need no cluster of the workspace: on the client's own machine, and on one made for the run (sdk-v1 §5.4, document 001)."""

import json
import sys
from pathlib import Path

import pytest
from azureml._execution import _commands
from azureml.core import Environment, Experiment, ScriptRunConfig
from azureml.core.compute import ComputeTarget
from azureml.core.compute_target import ComputeTargetException
from azureml.core.conda_dependencies import CondaDependencies
from azureml.core.runconfig import DockerConfiguration, RunConfiguration
from azureml.exceptions import AzureMLException

from support.runs import FINAL, ended, error_of, log_of, names_in, reached, screen
from support.waiting import wait_until

GPUS = Path("/dev/nvidiactl").exists()

TRAIN = """
import os, sys
from azureml.core import Run
run = Run.get_context(allow_offline=False)
run.log("loss", 0.25)
run.tag("seen", os.environ.get("COLOUR"))
os.makedirs("outputs", exist_ok=True)
open("outputs/model.txt", "w").write("weights")
open("scratch.txt", "w").write("nobody asks for this")
print("trained with", sys.argv[1:], "in", run.experiment.workspace.name)
"""

STAND = """
import hold
print("standing still", flush=True)
hold.until("go")
"""


@pytest.fixture
def here():
    """This very Python, which has the SDK."""
    environment = Environment("this-python")
    environment.python.user_managed_dependencies = True
    environment.python.interpreter_path = sys.executable
    environment.environment_variables = {"COLOUR": "green"}
    return environment


@pytest.fixture
def submit_local(ws, here):
    runs = []

    def submit(folder, script=None, **config):
        config.setdefault("environment", here)
        runs.append(Experiment(ws, "local").submit(
            ScriptRunConfig(source_directory=folder, script=script, **config)))
        return runs[-1]

    yield submit
    for run in runs:
        if run.get_status() not in FINAL:
            run.cancel()
            ended(run)


def test_a_script_runs_on_this_machine_where_no_target_is_named(submit_local, project, tmp_path):
    run = submit_local(project({"train.py": TRAIN}), "train.py", arguments=["--name", "with blank"])
    assert ended(run) == "Completed", error_of(run)
    assert run.get_metrics() == {"loss": 0.25} and run.get_tags() == {"seen": "green"}
    assert "trained with ['--name', 'with blank'] in laboratory" in log_of(run)
    assert run.get_details()["target"] == "local"
    run.download_file("outputs/model.txt", str(tmp_path / "model.txt"))
    assert (tmp_path / "model.txt").read_text() == "weights"
    assert not [name for name in run.get_file_names() if "scratch" in name]
    assert "train.py" in names_in(run.restore_snapshot(path=str(tmp_path)))


def test_its_output_streams_while_it_runs(submit_local, project):
    run = submit_local(project({"train.py": STAND}), "train.py", compute_target="local")
    with screen({"standing still": lambda: run.tag("go", "yes")}):
        run.wait_for_completion(show_output=True)
    assert ended(run) == "Completed"


def test_it_fails_with_the_end_of_its_log(submit_local, project):
    run = submit_local(project({"train.py": "raise ValueError('the data is damaged')"}), "train.py")
    assert ended(run) == "Failed"
    assert "ValueError: the data is damaged" in error_of(run)


def test_it_is_canceled(submit_local, project):
    run = submit_local(project({"train.py": STAND + "open('outputs-of-a-ghost', 'w')"}), "train.py")
    reached(run, "Running")
    run.cancel()
    assert ended(run) == "Canceled"


def test_it_ends_when_its_time_is_over(submit_local, project):
    run = submit_local(project({"train.py": STAND}), "train.py", max_run_duration_seconds=2)
    assert ended(run) == "Failed"
    assert "maximum of 2 seconds" in error_of(run)


def test_a_command_runs_here_too(submit_local, project):
    run = submit_local(project({"words": "of wisdom"}), command=["cat", "words", "&&", "echo", "$AZUREML_RUN_ID"])
    assert ended(run) == "Completed", error_of(run)
    assert "of wisdom" in log_of(run) and run.id in log_of(run)


def test_an_interpreter_that_is_not_here_is_named(submit_local, project, here):
    here.python.interpreter_path = "/nowhere/python"
    run = submit_local(project({"train.py": "print('never')"}), "train.py")
    assert ended(run) == "Failed"
    assert "/nowhere/python" in error_of(run)


def test_a_local_run_is_one_process(ws, project, here):
    config = ScriptRunConfig(project({"train.py": "print('never')"}), "train.py", environment=here)
    config.run_config.node_count = 2
    with pytest.raises(AzureMLException, match="one process"):
        Experiment(ws, "local").submit(config)


@pytest.mark.runtime("docker")
def test_a_script_runs_in_a_container_of_this_machine(submit_local, project, environment):
    environment.environment_variables = {"COLOUR": "green"}
    script = """import os
os.makedirs("outputs")
open("outputs/model.txt", "w").write("weights")
print("container", os.path.exists("/.dockerenv"), os.environ["COLOUR"], os.environ["AZUREML_RUN_ID"])
"""
    run = submit_local(project({"train.py": script}), "train.py", environment=environment,
                       docker_runtime_config=DockerConfiguration(use_docker=True, shm_size="64m"))
    assert ended(run) == "Completed", error_of(run)
    assert f"container True green {run.id}" in log_of(run)
    assert "outputs/model.txt" in run.get_file_names()
    environment.docker.base_image = "nowhere.invalid/image:1"
    run = submit_local(project(), "train.py", environment=environment,
                       docker_runtime_config=DockerConfiguration(use_docker=True))
    assert ended(run) == "Failed" and "nowhere.invalid/image:1" in error_of(run)


@pytest.mark.all
def test_packages_are_installed_once_for_local_runs(submit_local, project):
    managed = Environment("managed")
    managed.python.conda_dependencies = CondaDependencies.create(pip_packages=["isodate==0.6.1"], pin_sdk_version=False)
    managed.python.conda_dependencies.remove_pip_package("azureml-defaults")
    folder = project({"train.py": "import isodate; print(isodate.parse_duration('PT5M'))"})
    run = submit_local(folder, "train.py", environment=managed)
    assert ended(run, deadline=300) == "Completed", error_of(run)
    assert "0:05:00" in log_of(run) and "azureml-logs/60_control_log.txt" in run.get_file_names()
    again = submit_local(folder, "train.py", environment=managed)
    assert ended(again) == "Completed"
    assert "azureml-logs/60_control_log.txt" not in again.get_file_names()


@pytest.fixture
def own_cluster(ws, project, environment):
    """Submits a script to a cluster that is made for it."""
    def submit(script, vm_size="STANDARD_D2_V2", **more):
        config = RunConfiguration()
        config.target = "amlcompute"
        config.amlcompute.vm_size = vm_size
        config.environment = environment
        for name, value in more.items():
            setattr(config.amlcompute if hasattr(config.amlcompute, name) else config, name, value)
        return Experiment(ws, "own-cluster").submit(ScriptRunConfig(
            project({"train.py": script}), "train.py", run_config=config))
    return submit


def test_a_cluster_is_made_for_the_run_and_goes_with_it(ws, own_cluster):
    run = own_cluster(STAND, vm_priority="lowpriority")
    reached(run, "Running")
    name = run.get_details()["target"]
    made = ComputeTarget(ws, name)
    assert made.get_status().serialize()["vmSize"] == "STANDARD_D2_V2"
    assert made.get_status().serialize()["vmPriority"].lower() == "lowpriority"
    run.tag("go", "yes")
    assert ended(run) == "Completed", error_of(run)
    wait_until(lambda: name not in ws.compute_targets, "the run's cluster to be gone")
    with pytest.raises(ComputeTargetException, match="ComputeTargetNotFound"):
        ComputeTarget(ws, name)


def test_a_job_is_told_of_gpus_that_this_machine_does_not_have(own_cluster):
    run = own_cluster("import os; print('told of', os.environ['AZ_BATCHAI_NUM_GPUS_PER_NODE'])",
                      vm_size="STANDARD_NC12", vm_priority="lowpriority")
    assert ended(run) == "Completed", error_of(run)
    assert "told of 2" in log_of(run)
    if not GPUS:
        assert log_of(run).startswith("Warning: the VM size has 2 GPU(s), but this machine has none")
        assert "2 GPU(s)" in run.get_properties()["_malachite.warning"]


def test_a_cluster_for_the_run_must_have_a_size_that_there_is(own_cluster):
    with pytest.raises(AzureMLException, match="Must specify VM size"):
        own_cluster("print('never')", vm_size=None)
    with pytest.raises(AzureMLException, match="STANDARD_TOASTER"):
        own_cluster("print('never')", vm_size="STANDARD_TOASTER")
    with pytest.raises(AzureMLException, match="vm_priority"):
        own_cluster("print('never')", vm_priority="middling")
    with pytest.raises(AzureMLException, match="retain_cluster"):
        own_cluster("print('never')", _retain_cluster=True)


def test_a_cluster_for_the_run_has_as_many_nodes_as_it_asks_for(ws, own_cluster):
    run = own_cluster("import os; print('node', os.environ['NODE_RANK'])", node_count=2)
    assert ended(run) == "Completed", error_of(run)
    assert "node 0" in log_of(run) and "node 1" in json.dumps(run.get_details_with_logs()["logFiles"])


@pytest.fixture
def container(ws, project, environment, monkeypatch):
    """Submits a script to a container instance. The SDK of today sends no such section any more; that of 2018 did (document 000)."""
    def submit(script="print('never')", **section):
        config = RunConfiguration()
        config.target = "containerinstance"
        config.environment = environment
        serialize = _commands._serialize_run_config_to_dict
        with monkeypatch.context() as sdk_of_2018:
            sdk_of_2018.setattr(_commands, "_serialize_run_config_to_dict",
                                lambda run_config: {**serialize(run_config), "containerInstance": section})
            return Experiment(ws, "containers").submit(ScriptRunConfig(
                project({"train.py": script}), "train.py", run_config=config))
    return submit


def test_a_container_instance_is_made_for_the_run_and_goes_with_it(ws, container):
    run = container(STAND, region="eastus", cpuCores=1, memoryGb=2)
    reached(run, "Running")
    name = run.get_details()["target"]
    made = ws.compute_targets[name]
    assert (made.location, made.provisioning_state) == ("eastus", "Succeeded")
    run.tag("go", "yes")
    assert ended(run) == "Completed", error_of(run)
    wait_until(lambda: name not in ws.compute_targets, "the run's container to be gone")


def test_a_container_instance_is_refused_where_there_is_none(container):
    with pytest.raises(AzureMLException, match="westus, eastus, westeurope.*not in 'koreacentral'"):
        container(region="koreacentral", cpuCores=1, memoryGb=2)
    with pytest.raises(AzureMLException, match="containerInstance.region.*required"):
        container(cpuCores=1, memoryGb=2)
    with pytest.raises(AzureMLException, match="containerInstance.cpuCores.*not nothing"):
        container(region="eastus", memoryGb=2)
    with pytest.raises(AzureMLException, match="containerInstance.memoryGb.*up to 16"):
        container(region="eastus", cpuCores=1, memoryGb=64)
