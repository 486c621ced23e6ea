"""A cluster with the SDK v2 (contracts: sdk-v2 §4)."""

import pytest
from azure.ai.ml.entities import AmlCompute
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError


def test_create_gives_what_was_asked_for(cluster):
    assert (cluster.name, cluster.type, cluster.provisioning_state) == ("cpu-cluster", "amlcompute", "Succeeded")
    assert cluster.size.upper() == "STANDARD_D2_V2"
    assert (cluster.min_instances, cluster.max_instances) == (0, 2)
    assert cluster.tier.lower() in ("dedicated", "low_priority", "lowpriority")


def test_it_is_found_and_listed(client, cluster):
    assert client.compute.get(cluster.name).name == cluster.name
    assert cluster.name in [each.name for each in client.compute.list(compute_type="amlcompute")]


def test_update_is_a_whole_put_and_changes_the_scale(client):
    made = client.compute.begin_create_or_update(
        AmlCompute(name="changing", size="Standard_D2_v2", min_instances=0, max_instances=2,
                   idle_time_before_scale_down=300)).result()
    assert list(client.compute.list_nodes("changing")) == []
    made.max_instances = 5
    client.compute.begin_update(made).result()
    again = client.compute.get("changing")
    assert (again.max_instances, again.idle_time_before_scale_down) == (5, 300)
    client.compute.begin_delete("changing").result()


def test_delete_removes_it(client):
    client.compute.begin_create_or_update(
        AmlCompute(name="passing", size="Standard_D2_v2", min_instances=0, max_instances=1)).result()
    client.compute.begin_delete("passing").result()
    with pytest.raises(ResourceNotFoundError):
        client.compute.get("passing")


def test_sizes_are_listed(client):
    sizes = {size.name.upper(): size for size in client.compute.list_sizes()}
    # This SDK (1.35) leaves v_cp_us and memory_gb empty and keeps the numbers under the wire's own names.
    assert vars(sizes["STANDARD_D2_V2"])["vCPUs"] == 2
    assert sizes["STANDARD_NC6"].gpus == 1


def test_an_unknown_size_is_refused_by_name(client):
    with pytest.raises(HttpResponseError, match="Standard_Toaster") as refused:
        client.compute.begin_create_or_update(
            AmlCompute(name="toaster", size="Standard_Toaster", min_instances=0, max_instances=1)).result()
    assert refused.value.status_code == 400
    assert "toaster" not in [each.name for each in client.compute.list()]
