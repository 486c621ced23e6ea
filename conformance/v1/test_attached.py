"""Targets that are somebody else's, attached with azureml-core (sdk-v1 §4.2, documents 000 and 001)."""

import pytest
from azureml.core.compute import (
    AdlaCompute, AksCompute, BatchCompute, ComputeTarget, DatabricksCompute, DataFactoryCompute, HDInsightCompute,
    KubernetesCompute, RemoteCompute)
from azureml.core.compute.aks import AksUpdateConfiguration
from azureml.core.compute_target import ComputeTargetException

from support.wire import Wire

GROUP = "/subscriptions/{}/resourceGroups/research"


@pytest.fixture(scope="module")
def wire(emulator, ws):
    return Wire(emulator, ws.subscription_id)


@pytest.fixture(scope="module")
def group(ws):
    return GROUP.format(ws.subscription_id)


@pytest.fixture
def attach(ws):
    """Attaches and waits, as the documents do; what is left is detached."""
    made = []

    def attach(name, configuration):
        made.append(ComputeTarget.attach(ws, name, configuration))
        made[-1].wait_for_completion(show_output=True)
        assert made[-1].provisioning_state == "Succeeded"
        assert made[-1].is_attached
        return made[-1]

    yield attach
    for target in made:
        target.detach()
        target.wait_for_completion(is_delete_operation=True)
        assert target.name not in ws.compute_targets


def test_a_machine_by_its_address(ws, attach):
    vm = attach("by-address", RemoteCompute.attach_configuration(
        address="10.1.2.3", ssh_port=2222, username="me", password="pass-me-not"))

    again = ComputeTarget(ws, "by-address")

    assert isinstance(again, RemoteCompute)
    assert (again.address, again.ssh_port, again.cluster_resource_id) == ("10.1.2.3", 2222, None)
    assert vm.get_credentials()["administratorAccount"] == {"username": "me", "password": "pass-me-not"}
    assert "pass-me-not" not in str(ws.compute_targets["by-address"].serialize())


def test_a_machine_by_its_id_with_a_key(ws, wire, group, attach, tmp_path):
    key = tmp_path / "id_rsa"
    key.write_text("a private key\n")
    machine = group + "/providers/Microsoft.Compute/virtualMachines/dsvm"
    answer = wire("PUT", machine, json={"location": "koreacentral", "properties": {
        "address": "vm.example", "hardwareProfile": {"vmSize": "Standard_DS3_v2"},
        "storageProfile": {"imageReference": {"publisher": "microsoft-dsvm", "offer": "ubuntu-1804"}}}})
    assert answer.status_code == 201, answer.text

    attach("by-id", RemoteCompute.attach_configuration(
        resource_id=machine, ssh_port=22, username="me", private_key_file=str(key), private_key_passphrase="phrase"))

    vm = ws.compute_targets["by-id"]
    assert (vm.address, vm.ssh_port, vm.vm_size) == ("vm.example", 22, "Standard_DS3_v2")
    assert vm.cluster_resource_id == machine
    account = vm.get_credentials()["administratorAccount"]
    assert (account["privateKeyData"], account["passphrase"]) == ("a private key\n", "phrase")


def test_only_ubuntu(ws, wire, group):
    machine = group + "/providers/Microsoft.Compute/virtualMachines/windows"
    wire("PUT", machine, json={"location": "koreacentral", "properties": {
        "storageProfile": {"osDisk": {"osType": "Windows"}}}}).raise_for_status()

    with pytest.raises(ComputeTargetException, match="only supports virtual machines that run Ubuntu"):
        ComputeTarget.attach(ws, "windows", RemoteCompute.attach_configuration(
            resource_id=machine, ssh_port=22, username="me", password="secret"))

    assert "windows" not in ws.compute_targets


def test_hdinsight(ws, group, attach):
    spark = attach("spark", HDInsightCompute.attach_configuration(
        resource_id=group + "/providers/Microsoft.HDInsight/clusters/spark", ssh_port=22, username="me",
        password="secret"))
    by_address = attach("spark2", HDInsightCompute.attach_configuration(
        address="spark-ssh.azurehdinsight.net", ssh_port=22, username="me", password="secret"))

    assert isinstance(ws.compute_targets["spark"], HDInsightCompute)
    assert spark.get_credentials()["administratorAccount"]["password"] == "secret"
    assert by_address.address == "spark-ssh.azurehdinsight.net"


def test_services(ws, attach):
    databricks = attach("bricks", DatabricksCompute.attach_configuration(
        resource_group="research", workspace_name="bricks", access_token="dapi-token"))
    batch = attach("batch", BatchCompute.attach_configuration(resource_group="research", account_name="batch"))
    attach("lake", AdlaCompute.attach_configuration(resource_group="research", account_name="lake"))
    attach("factory", DataFactoryCompute.attach_configuration(resource_group="research", factory_name="factory"))

    every = ws.compute_targets

    assert [type(every[name]) for name in ("bricks", "batch", "lake", "factory")] == [
        DatabricksCompute, BatchCompute, AdlaCompute, DataFactoryCompute]
    assert databricks.get_credentials()["databricksAccessToken"] == "dapi-token"
    assert batch.cluster_resource_id.endswith("/Microsoft.Batch/batchAccounts/batch")


def test_databricks_of_another_subscription(ws):
    other = GROUP.format("00000000-0000-0000-0000-000000000001") + "/providers/Microsoft.Databricks/workspaces/bricks"

    with pytest.raises(ComputeTargetException, match="needs to be in the same subscription"):
        ComputeTarget.attach(ws, "bricks", DatabricksCompute.attach_configuration(
            resource_id=other, access_token="dapi-token"))

    assert "bricks" not in ws.compute_targets


def test_kubernetes(ws, group, attach):
    cluster = group + "/providers/Microsoft.ContainerService/managedClusters/k8s"
    attach("k8s", KubernetesCompute.attach_configuration(resource_id=cluster, namespace="training"))

    again = ws.compute_targets["k8s"]
    assert isinstance(again, KubernetesCompute)
    assert (again.namespace, again.cluster_resource_id) == ("training", cluster)


def test_aks_is_made_changed_and_attached(ws, group, attach):
    made = ComputeTarget.create(ws, "aks", AksCompute.provisioning_configuration(
        agent_count=1, vm_size="Standard_B4ms", cluster_purpose=AksCompute.ClusterPurpose.DEV_TEST))
    made.wait_for_completion(show_output=True)
    assert (made.agent_count, made.agent_vm_size, made.cluster_purpose) == (1, "Standard_B4ms", "DevTest")
    assert (made.load_balancer_type, made.system_services, made.is_attached) == ("PublicIp", [], False)

    made.update(AksUpdateConfiguration(load_balancer_type="InternalLoadBalancer"))
    made.wait_for_completion()
    made.refresh_state()
    assert (made.load_balancer_type, made.agent_count) == ("InternalLoadBalancer", 1)
    keys = made.get_credentials()
    assert "server: https://aks.hcp.koreacentral.azmk8s.io:443\n" in keys["userKubeConfig"]
    assert "current-context: aks\n" in keys["userKubeConfig"] and "clusterAdmin_aks" in keys["adminKubeConfig"]

    attached = attach("aks2", AksCompute.attach_configuration(resource_group="research", cluster_name="there"))
    assert (attached.agent_count, attached.cluster_purpose) == (3, "FastProd")
    made.delete()
    made.wait_for_completion(is_delete_operation=True)


def test_synapse_and_kusto(ws, wire, group):
    """Their attach configurations need a linked service and packages beside the SDK: the bodies are the SDK's."""
    from azureml.core.compute import KustoCompute, SynapseCompute

    pool = group + "/providers/Microsoft.Synapse/workspaces/syn/bigDataPools/pool"
    wire("PUT", pool, json={"location": "koreacentral", "properties": {
        "nodeCount": 5, "nodeSize": "Small", "nodeSizeFamily": "MemoryOptimized", "sparkVersion": "3.4",
        "autoScale": {"enabled": True, "minNodeCount": 3, "maxNodeCount": 5}}}).raise_for_status()
    kusto = KustoCompute._build_attach_payload(
        "koreacentral", group + "/providers/Microsoft.Kusto/clusters/ku", "https://ku.kusto.windows.net",
        "client", "kusto-secret", "tenant")

    synapse = ComputeTarget._attach(ws, "syn", SynapseCompute._build_attach_payload(pool), SynapseCompute)
    explorer = ComputeTarget._attach(ws, "ku", kusto, KustoCompute)

    every = ws.compute_targets
    assert isinstance(every["syn"], SynapseCompute) and isinstance(every["ku"], KustoCompute)
    assert (synapse.node_count, synapse.spark_version, synapse.max_node_count) == (5, "3.4", 5)
    assert explorer.get_credentials()["servicePrincipalCredentials"]["secret"] == "kusto-secret"
    for target in (synapse, explorer):
        target.detach()
        target.wait_for_completion(is_delete_operation=True)
