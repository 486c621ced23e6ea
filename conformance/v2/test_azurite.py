"""An Azurite behind the storage account: each blob is in both, whoever wrote it (docs/decisions/0010)."""

import socket
import subprocess
import uuid
from pathlib import Path

import pytest
from azure.storage.blob import BlobServiceClient

from support.emulator import REPO, Emulator, find_jar, free_ports
from support.shell import run_script
from support.waiting import wait_until
from support.wire import Wire

SCRIPTS = Path(__file__).parent / "scripts"
pytestmark = pytest.mark.runtime("process")

# Azurite's documentation names both.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


def listens(port):
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def azurite(tmp_path):
    """The connection string of one that runs."""
    command = subprocess.run([REPO / "scripts" / "azurite"], capture_output=True, text=True)
    if command.returncode != 0:
        pytest.skip(command.stderr.strip())
    (port,) = free_ports(1)
    with open(tmp_path / "azurite.log", "w") as log:
        process = subprocess.Popen(
            [command.stdout.strip(), "--blobHost", "127.0.0.1", "--blobPort", str(port), "--location",
             str(tmp_path / "azurite"), "--silent", "--disableTelemetry"], stdout=log, stderr=log)
    try:
        wait_until(lambda: listens(port), "Azurite", 30)
        yield (f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};"
               f"BlobEndpoint=http://127.0.0.1:{port}/{ACCOUNT};")
    finally:
        process.kill()
        process.wait(30)


@pytest.fixture
def mirrored(tmp_path, azurite):
    emulator = Emulator(tmp_path / "data", "process", ["-jar", str(find_jar()), f"--malachite.azurite={azurite}"])
    emulator.start()
    try:
        yield emulator
    finally:
        emulator.reset()
        emulator.stop()


def test_a_jobs_files_are_in_the_azurite_and_what_is_put_there_is_the_jobs(mirrored, azurite, tmp_path):
    subscription = str(uuid.uuid4())
    home = tmp_path / "home"
    home.mkdir()
    wire = Wire(mirrored, subscription)
    assert wire("PUT", wire.group, "2022-12-01", json={"location": "koreacentral"}).ok
    shown = run_script(SCRIPTS / "azurite.py", subscription, azurite, emulator=mirrored, subscription=subscription,
                       cwd=home)
    assert "the data is uploaded put there" in shown
    assert "metrics.txt std_log.txt weights.txt" in shown
    there = BlobServiceClient.from_connection_string(azurite)
    blobs = {blob.name.split("/")[-1]: there.get_blob_client(container.name, blob.name).download_blob().readall()
             for container in there.list_containers()
             for blob in there.get_container_client(container.name).list_blobs()}
    assert {"1.txt": b"uploaded", "2.txt": b"put there", "weights.txt": b"heavy", "metrics.txt": b"fine"}.items() \
        <= blobs.items()
    assert blobs["std_log.txt"].startswith(b"the data is uploaded put there\n")
    assert b"the data is" in blobs["train.py"]
