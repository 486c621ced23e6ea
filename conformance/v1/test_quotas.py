"""Shares of a subscription's cores that a workspace is given with azureml-core (service-facts, Quota)."""

import pytest
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.core.compute_target import ComputeTargetException

FAMILY = "standardDv2Family"


@pytest.fixture
def share(ws, capsys):
    """Sets a share as a user does, and reads what is printed; it is taken back at the end."""
    def share(family, limit):
        capsys.readouterr()
        AmlCompute.update_quotas(ws, family, limit)
        return capsys.readouterr().out

    yield share
    share(FAMILY, -1)


def test_a_share_is_kept(ws, share):
    assert "Updated quota" in share(FAMILY, 2)
    listed = [each for each in AmlCompute.list_quotas(ws) if each["id"].endswith(f"/quotas/{FAMILY}")]
    assert [(each["type"], each["limit"]) for each in listed] == [
        ("Microsoft.MachineLearningServices/workspaces/quotas", 2)]

    with pytest.raises(ComputeTargetException, match="ClusterMinNodesExceedCoreQuota"):
        ComputeTarget.create(ws, "too-big", AmlCompute.provisioning_configuration("STANDARD_D3_V2", max_nodes=1))
    fits = ComputeTarget.create(ws, "fits", AmlCompute.provisioning_configuration("STANDARD_D2_V2", max_nodes=1))
    fits.delete()


@pytest.mark.parametrize("family, limit, status", [
    ("standardXyzFamily", 1, "InvalidVMFamilyName"),
    (FAMILY, 100_000, "InvalidQuotaExceedsSubscriptionLimit"),
    (FAMILY, "many", "Failure"),
])
def test_a_wrong_share(share, family, limit, status):
    assert f"'status': '{status}'" in share(family, limit)
