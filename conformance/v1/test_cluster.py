"""A cluster from its creation to its deletion (contracts: sdk-v1 §3)."""

import pytest
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.core.compute_target import ComputeTargetException

from support.waiting import wait_until


@pytest.fixture
def create(ws):
    """Makes clusters that are gone after the test."""
    made = []

    def create(name, vm_size="STANDARD_D2_V2", max_nodes=2, **more):
        made.append(ComputeTarget.create(
            ws, name, AmlCompute.provisioning_configuration(vm_size=vm_size, max_nodes=max_nodes, **more)))
        return made[-1]

    yield create
    there = ws.compute_targets
    for name in {each.name for each in made} & set(there):
        there[name].delete()


def scale(cluster):
    cluster.refresh_state()
    settings = cluster.scale_settings
    return settings.minimum_node_count, settings.maximum_node_count, settings.idle_seconds_before_scaledown


def nodes(cluster):
    return cluster.get_status().current_node_count


def test_a_cluster_of_no_nodes_is_ready_at_once(create, capsys):
    made = create("empty", vm_priority="lowpriority", min_nodes=0, max_nodes=4, idle_seconds_before_scaledown=2400)
    made.wait_for_completion(show_output=True, min_node_count=None, timeout_in_minutes=20)
    printed = capsys.readouterr().out
    assert "Succeeded" in printed and "Minimum number of nodes requested have been provisioned" in printed
    assert made.provisioning_state == "Succeeded"


def test_its_status_has_the_parts_that_the_sdk_knows(create):
    made = create("status", vm_priority="lowpriority", min_nodes=0, max_nodes=4, idle_seconds_before_scaledown=2400)
    made.wait_for_completion()
    status = made.get_status().serialize()
    assert status["currentNodeCount"] == status["targetNodeCount"] == 0
    assert status["allocationState"] == "Steady"
    assert status["nodeStateCounts"] == {
        "preparingNodeCount": 0, "runningNodeCount": 0, "idleNodeCount": 0, "unusableNodeCount": 0,
        "leavingNodeCount": 0, "preemptedNodeCount": 0}
    assert status["scaleSettings"] == {
        "minNodeCount": 0, "maxNodeCount": 4, "nodeIdleTimeBeforeScaleDown": "PT2400S"}
    assert status["vmPriority"].lower() == "lowpriority"
    # Recorded traffic: whatever the case that was sent, the size comes back in capitals.
    assert status["vmSize"] == "STANDARD_D2_V2"
    assert not status["errors"]


def test_minimum_nodes_come_up_and_are_listed(create):
    made = create("one-node", min_nodes=1)
    made.wait_for_completion(show_output=True, min_node_count=None, timeout_in_minutes=20)
    # The service counts nodes that are still being prepared.
    assert nodes(made) == 1
    assert wait_until(lambda: [node for node in made.list_nodes() if node["nodeState"] == "idle"], "an idle node")[0]["nodeId"]


def test_nodes_that_come_slowly_are_preparing_and_the_cluster_resizes(create, emulator):
    made = create("slow", min_nodes=0)
    made.wait_for_completion()
    fault = emulator.fault(kind="slowProvisioning", target="slow", duration="PT30M")
    try:
        made.update(min_nodes=2)
        status = wait_until(lambda: (found := made.get_status()).current_node_count == 2 and found, "two nodes").serialize()
        assert status["allocationState"] == "Resizing"
        assert status["provisioningState"] == "Succeeded"
        assert status["nodeStateCounts"]["preparingNodeCount"] == status["targetNodeCount"] == 2
        assert [node["nodeState"] for node in made.list_nodes()] == ["preparing", "preparing"]
        emulator.advance("PT29M")
        assert made.get_status().serialize()["allocationState"] == "Resizing"
    finally:
        emulator.undo(fault)
    wait_until(lambda: [node["nodeState"] for node in made.list_nodes()] == ["idle", "idle"], "the nodes to be idle")
    assert made.get_status().serialize()["allocationState"] == "Steady"


def test_nodes_leave_after_the_idle_time_and_not_before(create, emulator):
    made = create("idler", min_nodes=1, idle_seconds_before_scaledown=600)
    made.wait_for_completion(min_node_count=1, timeout_in_minutes=2)
    # A node that is being prepared is counted already; its idle time begins when it is ready.
    wait_until(lambda: [node["nodeState"] for node in made.list_nodes()] == ["idle"], "the node to be idle")
    made.update(min_nodes=0)
    emulator.advance("PT5M")
    assert nodes(made) == 1
    emulator.advance("PT6M")
    wait_until(lambda: nodes(made) == 0, "the node to leave")


def test_update_changes_what_is_named_and_nothing_else(create):
    made = create("changing", min_nodes=0, max_nodes=4, idle_seconds_before_scaledown=900)
    made.wait_for_completion()
    made.update(max_nodes=6)
    assert scale(made) == (0, 6, 900)
    made.update(idle_seconds_before_scaledown=1200)
    assert scale(made) == (0, 6, 1200)


def test_an_identity_can_be_added_and_removed(create):
    # Document 001: a system-assigned identity is added to a cluster that exists. Removal is sent as JSON in a JSON string.
    made = create("known-by-name")
    made.wait_for_completion()
    made.add_identity(identity_type="SystemAssigned")
    assert made.identity_type == "SystemAssigned"
    made.remove_identity()
    assert made.identity_type == "None"


def test_sizes_are_listed(ws):
    sizes = {size["name"].upper(): size for size in AmlCompute.supported_vmsizes(ws)}
    assert sizes["STANDARD_D2_V2"]["vCPUs"] == 2
    assert sizes["STANDARD_NC6"]["gpus"] == 1


def test_the_workspace_lists_its_targets(ws, create):
    create("listed").wait_for_completion()
    targets = ws.compute_targets
    assert isinstance(targets["listed"], AmlCompute)


def test_create_of_the_same_again_is_an_update(create):
    create("twice", max_nodes=2).wait_for_completion()
    again = create("twice", max_nodes=5)
    again.wait_for_completion()
    assert scale(again)[1] == 5


def test_a_missing_one_is_a_compute_target_exception(ws):
    with pytest.raises(ComputeTargetException, match="ComputeTargetNotFound"):
        ComputeTarget(workspace=ws, name="nowhere")


def test_an_unknown_size_is_refused_by_name_and_leaves_nothing(ws, create):
    with pytest.raises(ComputeTargetException, match="STANDARD_TOASTER"):
        create("toaster", vm_size="STANDARD_TOASTER").wait_for_completion()
    assert "toaster" not in ws.compute_targets


def test_the_size_of_a_cluster_cannot_be_changed(create):
    # Immutable at the service: terraform's provider recreates the cluster for it (TestAccComputeCluster_recreateVmSize).
    create("fixed").wait_for_completion()
    with pytest.raises(ComputeTargetException, match="(?i)vmSize"):
        create("fixed", vm_size="STANDARD_D3_V2")


def test_delete_removes_it(ws, create):
    made = create("short-lived", min_nodes=1)
    made.wait_for_completion(min_node_count=1, timeout_in_minutes=2)
    made.delete()
    wait_until(lambda: "short-lived" not in ws.compute_targets, "the cluster to be gone")
    with pytest.raises(ComputeTargetException, match="ComputeTargetNotFound"):
        ComputeTarget(workspace=ws, name="short-lived")
