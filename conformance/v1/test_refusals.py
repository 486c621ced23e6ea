"""What the documents say is refused, in the SDK's exception and in the service's words (service-facts §3; documents 000 and 001)."""

import pytest
from azureml.core import Experiment, ScriptRunConfig
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.core.compute_target import ComputeTargetException
from azureml.core.environment import RSection, SparkPackage
from azureml.exceptions import AzureMLException, UserErrorException


def cluster_of(**settings):
    return AmlCompute.provisioning_configuration(vm_size="STANDARD_D2_V2", **settings)


@pytest.mark.parametrize("name", ["amlcompute", "local", "containerinstance"])
def test_names_of_targets_that_are_no_compute_are_reserved(ws, name):
    with pytest.raises(UserErrorException, match="reserved name"):
        ComputeTarget.create(ws, name, cluster_of(max_nodes=1))
    # Not every client looks at the name itself.
    with pytest.raises(ComputeTargetException, match="reserved name"):
        AmlCompute._create(ws, name, cluster_of(max_nodes=1))
    assert name not in ws.compute_targets


def test_a_cluster_must_say_its_maximum(ws):
    with pytest.raises(ComputeTargetException, match="max nodes count is mandatory"):
        cluster_of(max_nodes=None)
    config = cluster_of(max_nodes=1)
    config.scale_settings.maximum_node_count = None
    with pytest.raises(ComputeTargetException, match="maxNodeCount"):
        AmlCompute._create(ws, "unbounded", config)


def test_a_cluster_has_a_hundred_nodes_at_most(ws):
    with pytest.raises(ComputeTargetException, match="100 nodes"):
        ComputeTarget.create(ws, "vast", cluster_of(max_nodes=101))


def test_a_workspace_without_a_default_target_says_none(ws):
    assert ws.get_default_compute_target("CPU") is None and ws.get_default_compute_target("GPU") is None
    with pytest.raises(ValueError, match="CPU and GPU"):
        ws.get_default_compute_target("TPU")


def test_a_run_without_a_target_that_there_is_is_refused(ws, project, environment):
    config = ScriptRunConfig(project({"train.py": "print('never')"}), "train.py", environment=environment)
    for target, reason in {"": "Must specify a target", "nowhere": "nowhere",
                           "containerinstance": "containerInstance.region"}.items():
        config.run_config.target = target
        with pytest.raises(AzureMLException, match=reason):
            Experiment(ws, "refused").submit(config)
    assert list(Experiment(ws, "refused").get_runs()) == []


def test_a_cluster_in_failed_state_takes_no_runs(ws, project, environment, emulator):
    failed = ComputeTarget.create(ws, "cracked", cluster_of(max_nodes=1))
    failed.wait_for_completion()
    fault = emulator.fault(kind="failedState", target="cracked")
    failed.refresh_state()
    assert failed.provisioning_state == "Failed"
    config = ScriptRunConfig(project({"train.py": "print('never')"}), "train.py", compute_target=failed,
                             environment=environment)
    with pytest.raises(AzureMLException,
                       match="AzureMLCompute cluster cracked is in failed state and thus not ready for runs"):
        Experiment(ws, "refused").submit(config)
    assert list(Experiment(ws, "refused").get_runs()) == []
    emulator.undo(fault)
    failed.refresh_state()
    assert failed.provisioning_state == "Succeeded"


@pytest.mark.parametrize("section, reason", [
    ("r", "R section"), ("spark", "Spark packages")])
def test_sections_that_no_node_can_serve_are_kept_and_refused_at_a_run(ws, project, environment, section, reason):
    environment.name = "with-" + section
    if section == "r":
        environment.r = RSection()
        environment.r.r_version = "4.0.0"
    else:
        environment.spark.packages = [SparkPackage("com.microsoft", "stone", "1.0")]
    kept = environment.register(ws)
    assert (kept.r.r_version == "4.0.0") if section == "r" else (kept.spark.packages[0].artifact == "stone")
    cluster = ComputeTarget.create(ws, "plain", cluster_of(max_nodes=1))
    with pytest.raises(AzureMLException, match=reason):
        Experiment(ws, "refused").submit(ScriptRunConfig(
            project({"train.py": "print('never')"}), "train.py", compute_target=cluster, environment=environment))
