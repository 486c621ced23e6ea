"""Remote login to a node that has had no job yet (`ssh_settings` and `ssh_public_access_enabled` of AmlCompute)."""

import io
import os
import subprocess
import tarfile

import pytest
from azure.ai.ml.entities import AmlCompute, AmlComputeSshSettings

from support.ssh import scp, ssh
from support.waiting import wait_until

pytestmark = pytest.mark.runtime("process", "docker")


@pytest.fixture(scope="module")
def door(client, tmp_path_factory):
    """How the administrator reaches the one node of a cluster that keeps one."""
    key = tmp_path_factory.mktemp("key") / "id"
    subprocess.run(["ssh-keygen", "-q", "-t", "rsa", "-N", "", "-f", str(key)], check=True)
    made = client.compute.begin_create_or_update(AmlCompute(
        name="standing-by", size="Standard_D2_v2", min_instances=1, max_instances=1, ssh_public_access_enabled=True,
        ssh_settings=AmlComputeSshSettings(
            admin_username="boss", ssh_key_value=key.with_suffix(".pub").read_text()))).result()

    def idle():
        # This SDK (1.35) leaves public_ip_address and the like empty and keeps them under the wire's own names.
        return next((vars(node) for node in client.compute.list_nodes(made.name) if vars(node)["nodeState"] == "idle"), None)

    node = wait_until(idle, "an idle node")
    assert (node["publicIpAddress"], node["runId"]) == ("127.0.0.1", None)
    yield {"host": node["publicIpAddress"], "port": node["port"], "user": "boss", "key": key}
    client.compute.begin_delete(made.name).result()


def test_the_administrator_enters_an_idle_node(door):
    assert ssh("echo kept > note; exit 3", **door).returncode == 3
    assert ssh("cat note", **door).stdout == "kept\n"


def test_files_go_in_and_come_back(door, runtime, tmp_path):
    content = os.urandom(3_000_000)
    assert ssh("cat > by-cat && cat by-cat", given=content, **door).stdout == content

    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo("folder/by-tar")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    assert ssh("tar -xf - && cat folder/by-tar", given=archive.getvalue(), **door).stdout == content

    (tmp_path / "here").write_bytes(content)
    # The base image has what serves the scp of today, and that of long ago; a folder of this machine has what the machine has.
    for options in (["-O"], []) if runtime == "docker" else (["-O"],):
        scp(tmp_path / "here", ":by-scp", *options, **door)
        scp(":by-scp", tmp_path / "back", *options, **door)
        assert (tmp_path / "back").read_bytes() == content
        (tmp_path / "back").unlink()
