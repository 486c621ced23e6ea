"""An Azurite behind the storage account: each blob is in both, whoever wrote it (docs/decisions/0010)."""

import shutil
import socket
import subprocess
import uuid
from pathlib import Path

import pytest
from azure.storage.blob import BlobServiceClient

from support.emulator import OPTIONS, REPO, Emulator, find_jar, find_java, free_ports
from support.shell import run_script
from support.waiting import wait_until
from support.wire import Wire

SCRIPTS = Path(__file__).parent / "scripts"

# Azurite's documentation names both.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


def listens(port):
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """Who issues the certificate of an Azurite that speaks https: nobody that the emulator knows."""
    issuer = tmp_path_factory.mktemp("issuer")
    subprocess.run([find_java(), *OPTIONS, "-jar", find_jar(), "certificates", f"--malachite.data={issuer}"], check=True)
    return issuer / "tls"


@pytest.fixture(params=["http", "https"])
def azurite(request, tmp_path, authority):
    """The connection string of one that runs."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("there is no node with npm, in which Azurite runs")
    command = subprocess.run([REPO / "scripts" / "azurite"], stdout=subprocess.PIPE, text=True, check=True)
    (port,) = free_ports(1)
    secure = ["--cert", authority / "server.pem", "--key", authority / "server-key.pem"] if request.param == "https" else []
    with open(tmp_path / "azurite.log", "w") as log:
        process = subprocess.Popen(
            [command.stdout.strip(), "--blobHost", "127.0.0.1", "--blobPort", str(port), "--location",
             str(tmp_path / "azurite"), "--silent", "--disableTelemetry", *secure], stdout=log, stderr=log)
    try:
        wait_until(lambda: listens(port), "Azurite", 30)
        yield (f"DefaultEndpointsProtocol={request.param};AccountName={ACCOUNT};AccountKey={KEY};"
               f"BlobEndpoint={request.param}://127.0.0.1:{port}/{ACCOUNT};")
    finally:
        process.kill()
        process.wait(30)


@pytest.fixture
def mirrored(tmp_path, azurite, authority, runtime, monkeypatch):
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", str(authority / "ca.pem"))
    emulator = Emulator(tmp_path / "data", runtime, ["-jar", str(find_jar()), f"--malachite.azurite={azurite}"])
    emulator.start()
    try:
        yield emulator
    finally:
        emulator.reset()
        emulator.stop()


def test_a_jobs_files_are_in_the_azurite_and_what_is_put_there_is_the_jobs(mirrored, azurite, authority, tmp_path):
    subscription = str(uuid.uuid4())
    home = tmp_path / "home"
    home.mkdir()
    wire = Wire(mirrored, subscription)
    assert wire("PUT", wire.group, "2022-12-01", json={"location": "koreacentral"}).ok
    shown = run_script(SCRIPTS / "azurite.py", subscription, azurite, authority / "ca.pem", emulator=mirrored,
                       subscription=subscription, cwd=home)
    assert "the data is uploaded put there" in shown
    assert "metrics.txt std_log.txt weights.txt" in shown
    there = BlobServiceClient.from_connection_string(azurite, connection_verify=str(authority / "ca.pem"))
    blobs = {blob.name.split("/")[-1]: there.get_blob_client(container.name, blob.name).download_blob().readall()
             for container in there.list_containers()
             for blob in there.get_container_client(container.name).list_blobs()}
    assert {"1.txt": b"uploaded", "2.txt": b"put there", "weights.txt": b"heavy", "metrics.txt": b"fine"}.items() \
        <= blobs.items()
    assert blobs["std_log.txt"].startswith(b"the data is uploaded put there\n")
    assert b"the data is" in blobs["train.py"]


@pytest.mark.runtime("process")
@pytest.mark.parametrize("azurite", ["https"], indirect=True)
def test_one_whose_certificate_nobody_trusts_ends_the_start_with_what_helps(azurite, tmp_path):
    started = subprocess.run(
        [find_java(), *OPTIONS, "-jar", find_jar(), f"--malachite.data={tmp_path / 'another'}", "--malachite.https-port=0",
         "--malachite.http-port=0", "--malachite.runtime=simulated", f"--malachite.azurite={azurite}"],
        capture_output=True, text=True, timeout=60)
    assert started.returncode == 1
    assert "does not answer" in started.stderr and "have NODE_EXTRA_CA_CERTS name who issued its certificate" in started.stderr
    assert len(started.stderr.strip().splitlines()) == 1, started.stderr
