"""Targets that are somebody else's, and every field of a cluster, with azure-ai-ml (sdk-v2 §4)."""

import pytest
from azure.ai.ml import Output, command
from azure.ai.ml.entities import (
    AmlCompute, AmlComputeSshSettings, Environment, IdentityConfiguration, KubernetesCompute, ManagedIdentityConfiguration,
    NetworkSettings, SynapseSparkCompute, VirtualMachineCompute, VirtualMachineSshSettings)
from azure.ai.ml.exceptions import JobException
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from support.machine import PASSWORD, begin, begin_with_docker, docker, require
from support.runs import FINAL
from support.waiting import wait_until
from support.wire import Wire

IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"
GROUP = "/subscriptions/{}/resourceGroups/research/providers/"


@pytest.fixture(scope="module")
def group(lab):
    return GROUP.format(lab)


@pytest.fixture
def detached(client):
    """Detaches what a test has attached."""
    names = []
    yield names.append
    for name in names:
        client.compute.begin_delete(name, action="Detach").result()
        with pytest.raises(ResourceNotFoundError):
            client.compute.get(name)


def test_a_virtual_machine(client, group, detached):
    machine = group + "Microsoft.Compute/virtualMachines/vm"
    client.compute.begin_attach(VirtualMachineCompute(
        name="vm", resource_id=machine, description="mine", tags={"a": "b"},
        ssh_settings=VirtualMachineSshSettings(admin_username="me", admin_password="pass-me-not", ssh_port=2222))).result()
    detached("vm")

    vm = client.compute.get("vm")
    assert (vm.type, vm.resource_id, vm.description, vm.tags) == ("virtualmachine", machine, "mine", {"a": "b"})
    assert (vm.ssh_settings.admin_username, vm.ssh_settings.admin_password, vm.ssh_settings.ssh_port) == ("me", None, 2222)

    vm.tags = {"a": "c"}
    vm.ssh_settings.ssh_port = 22
    changed = client.compute.begin_update(vm).result()
    assert (changed.tags, changed.ssh_settings.ssh_port) == ({"a": "c"}, 22)
    assert "vm" in [each.name for each in client.compute.list(compute_type="virtualmachine")]

    with pytest.raises(HttpResponseError, match="attached and cannot be deleted"):
        client.compute.begin_delete("vm").result()


def test_a_machine_without_credentials(client, group):
    with pytest.raises(HttpResponseError, match="a password or a private key is required"):
        client.compute.begin_attach(VirtualMachineCompute(
            name="locked", resource_id=group + "Microsoft.Compute/virtualMachines/vm",
            ssh_settings=VirtualMachineSshSettings(admin_username="me"))).result()


@pytest.fixture(scope="module")
def machines(client, emulator, lab, group, tmp_path_factory):
    """Attached by their ARM ids, which were declared with the address: one with an engine and one without."""
    require()
    wire = Wire(emulator, lab)
    started = {"engine": begin_with_docker(tmp_path_factory.mktemp("home")), "plain": begin("")}
    for name, (_, port) in started.items():
        resource = group + "Microsoft.Compute/virtualMachines/" + name
        wire("PUT", resource, json={"location": "koreacentral", "properties": {"address": "127.0.0.1"}}).raise_for_status()
        client.compute.begin_attach(VirtualMachineCompute(
            name=name, resource_id=resource, ssh_settings=VirtualMachineSshSettings(
                admin_username="azureuser", admin_password=PASSWORD, ssh_port=port))).result()
    yield started
    for name, (container, _) in started.items():
        client.compute.begin_delete(name, action="Detach").result()
        docker("rm", "-f", container)


@pytest.mark.runtime("process")
def test_a_command_runs_in_a_container_of_its_machine(client, machines, tmp_path):
    """An environment of this SDK always names an image; a machine without Docker says so."""
    jobs = {name: client.jobs.create_or_update(command(
        command="test -e /.dockerenv && echo inside > ${{outputs.made}}/where", environment=Environment(image=IMAGE),
        outputs={"made": Output(type="uri_folder")}, compute=name)) for name in machines}
    ends = {name: wait_until(
        lambda job=job: (status := client.jobs.get(job.name).status) in FINAL and status, f"the job on {name}", 60)
        for name, job in jobs.items()}

    assert ends == {"engine": "Completed", "plain": "Failed"}
    client.jobs.download(jobs["engine"].name, download_path=str(tmp_path), output_name="made")
    assert [found.read_text() for found in tmp_path.rglob("where")] == ["inside\n"]
    with pytest.raises(JobException, match="and it has no Docker"):
        client.jobs.stream(jobs["plain"].name)


def test_kubernetes_with_an_identity(client, group, detached):
    identity = group + "Microsoft.ManagedIdentity/userAssignedIdentities/id"
    cluster = group + "Microsoft.Kubernetes/connectedClusters/arc"
    client.compute.begin_attach(KubernetesCompute(
        name="arc", resource_id=cluster, namespace="training",
        identity=IdentityConfiguration(
            type="user_assigned", user_assigned_identities=[ManagedIdentityConfiguration(resource_id=identity)]))).result()
    detached("arc")

    arc = client.compute.get("arc")
    assert (arc.type, arc.namespace, arc.resource_id) == ("kubernetes", "training", cluster)
    assert [each.resource_id for each in arc.identity.user_assigned_identities] == [identity]


def test_a_spark_pool(client, group, detached):
    pool = group + "Microsoft.Synapse/workspaces/syn/bigDataPools/pool"
    client.compute.begin_attach(SynapseSparkCompute(
        name="pool", resource_id=pool, identity=IdentityConfiguration(type="system_assigned"))).result()
    detached("pool")

    spark = client.compute.get("pool")
    assert (spark.type, spark.resource_id, spark.identity.type) == ("synapsespark", pool, "system_assigned")
    assert spark.identity.principal_id


@pytest.fixture(scope="module")
def every_field(client, group):
    subnet = group + "Microsoft.Network/virtualNetworks/net/subnets/default"
    identity = group + "Microsoft.ManagedIdentity/userAssignedIdentities/id"
    yield client.compute.begin_create_or_update(AmlCompute(
        name="every-field", description="all of it", tags={"team": "x"}, location="koreacentral",
        size="STANDARD_DS3_V2", tier="low_priority", min_instances=0, max_instances=2, idle_time_before_scale_down=300,
        network_settings=NetworkSettings(subnet=subnet), enable_node_public_ip=False,
        ssh_public_access_enabled=True,
        ssh_settings=AmlComputeSshSettings(admin_username="me", admin_password="Pass-me-not1", ssh_key_value="ssh-rsa AAAA me"),
        identity=IdentityConfiguration(
            type="user_assigned", user_assigned_identities=[ManagedIdentityConfiguration(resource_id=identity)]))).result()
    client.compute.begin_delete("every-field").result()


def test_every_field_of_a_cluster(client, every_field, group):
    made = client.compute.get("every-field")

    assert (made.description, made.tags, made.location) == ("all of it", {"team": "x"}, "koreacentral")
    assert (made.size.upper(), made.tier, made.idle_time_before_scale_down) == ("STANDARD_DS3_V2", "low_priority", 300)
    assert made.network_settings.subnet == group + "Microsoft.Network/virtualNetworks/net/subnets/default"
    assert (made.enable_node_public_ip, made.ssh_public_access_enabled) == (False, True)
    assert (made.ssh_settings.admin_username, made.ssh_settings.admin_password) == ("me", None)
    assert made.ssh_settings.ssh_key_value == "ssh-rsa AAAA me"
    assert [each.resource_id for each in made.identity.user_assigned_identities] == [
        group + "Microsoft.ManagedIdentity/userAssignedIdentities/id"]

    made.tags, made.max_instances, made.description = {"team": "y"}, 4, "less of it"
    changed = client.compute.begin_update(made).result()
    assert (changed.tags, changed.max_instances, changed.description) == ({"team": "y"}, 4, "less of it")
    assert changed.network_settings.subnet == made.network_settings.subnet


@pytest.mark.parametrize("change, property", [
    (lambda c: setattr(c, "subnet", c.network_settings.subnet + "2"), "id"),
    (lambda c: setattr(c, "enable_node_public_ip", True), "enableNodePublicIp"),
    (lambda c: setattr(c, "location", "eastus"), "location"),
    (lambda c: setattr(c.ssh_settings, "admin_username", "you"), "adminUserName"),
    (lambda c: setattr(c.ssh_settings, "admin_password", "Another-one1"), "adminUserPassword"),
    (lambda c: setattr(c, "size", "STANDARD_DS2_V2"), "vmSize"),
    (lambda c: setattr(c, "tier", "dedicated"), "vmPriority"),
])
def test_what_a_cluster_keeps(client, every_field, change, property):
    """azurerm_machine_learning_compute_cluster makes a new cluster for each of these."""
    wanted = client.compute.get("every-field")
    change(wanted)

    with pytest.raises(HttpResponseError, match=f"'{property}' of compute 'every-field'"):
        client.compute.begin_update(wanted).result()
