"""Images of a registry that asks for a password (docker.base_image_registry): it is kept as a secret, and used for the pull."""

import os
import shutil
import subprocess

import pytest
import requests
from azureml.core import Environment

from support.emulator import free_ports
from support.runs import ended, error_of, log_of
from support.waiting import wait_until

# As htpasswd -B writes it.
PEOPLE = "mason:$2b$05$zYFhCdddo9UNz8SWRxq6QuJRQ7hpFjcIDA0olw27QQH3OlHc8Gi7e\n"
PASSWORD = "granite"


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    """A real one of our own, on loopback, where engines take plain http; with one image that nothing else has."""
    program = os.environ.get("MALACHITE_REGISTRY") or shutil.which("docker-registry")
    if not program:
        pytest.skip("there is no docker-registry command (Debian's package docker-registry, or MALACHITE_REGISTRY)")
    folder = tmp_path_factory.mktemp("registry")
    (folder / "people").write_text(PEOPLE)
    (port,) = free_ports(1)
    address = f"127.0.0.1:{port}"
    (folder / "config.yml").write_text(f"""
version: 0.1
storage: {{filesystem: {{rootdirectory: {folder}/images}}}}
http: {{addr: "{address}"}}
auth: {{htpasswd: {{realm: quarry, path: {folder}/people}}}}
""")
    docker = dict(os.environ, DOCKER_CONFIG=str(folder / "docker"))
    image = f"{address}/quarry/stone:1"
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen([program, "serve", str(folder / "config.yml")], stdout=log, stderr=log)
    try:
        wait_until(lambda: answers(address), "the registry")
        for command in (["login", "-u", "mason", "-p", PASSWORD, address], ["tag", "malachite/busybox:1", image],
                        ["push", image], ["rmi", image]):
            subprocess.run(["docker", *command], env=docker, check=True, capture_output=True, timeout=60)
        yield address
    finally:
        subprocess.run(["docker", "rmi", image], env=docker, capture_output=True, timeout=60)
        process.kill()
        process.wait(30)


def answers(address):
    try:
        return requests.get(f"http://{address}/v2/", timeout=5).status_code == 401
    except requests.ConnectionError:
        return False


def of_registry(address, password=None):
    environment = Environment("from-the-quarry")
    environment.python.user_managed_dependencies = True
    environment.docker.base_image = "quarry/stone:1"
    environment.docker.base_image_registry.address = address
    if password:
        environment.docker.base_image_registry.username = "mason"
        environment.docker.base_image_registry.password = password
    return environment


@pytest.mark.runtime("docker")
def test_an_image_is_pulled_with_the_password_of_its_workspace(submit, project, registry):
    def run(environment):
        return submit(project(), command=["busybox", "|", "head", "-n", "1"], environment=environment)

    refused = run(of_registry(registry))
    assert ended(refused) == "Failed" and "cannot be pulled" in error_of(refused)
    wrong = run(of_registry(registry, "marble"))
    assert ended(wrong) == "Failed" and "cannot be pulled" in error_of(wrong)
    right = run(of_registry(registry, PASSWORD))
    assert ended(right) == "Completed", error_of(right)
    assert "BusyBox" in log_of(right)


def test_the_password_is_returned_nowhere_and_in_no_file(ws, submit, project, emulator):
    word = "Feldspar-Gneiss-0815"
    environment = of_registry("quarry.example.com", word)
    registered = environment.register(ws)
    assert registered.docker.base_image_registry.username == "mason"
    assert registered.docker.base_image_registry.password is None
    run = submit(project({"train.py": "print('ran')"}), "train.py", environment=of_registry("quarry.example.com", word))
    assert word not in str(run.get_details())
    run.cancel()
    ended(run)
    kept = [path for path in emulator.data.rglob("*") if path.is_file()]
    assert kept and not [path for path in kept if word.encode() in path.read_bytes()]
    assert word not in emulator.log_tail(10_000)
