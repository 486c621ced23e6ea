"""Jobs on attached machines, over SSH: the machine is a container with OpenSSH (documents 000 and 001; sdk-v1 §4.2)."""

import shutil
import socket
import subprocess

import pytest
from azureml.core import Environment, Experiment, ScriptRunConfig
from azureml.core.compute import ComputeTarget, RemoteCompute
from azureml.core.runconfig import DockerConfiguration

from support.runs import ended, log_of
from support.waiting import wait_until

# The machine is the same whatever the emulator's own nodes are.
pytestmark = pytest.mark.runtime("process")

IMAGE = "malachite/instance:1"
PASSWORD = "a pass-word"
SETUP = ("mkdir -p /run/sshd ~azureuser/.ssh && ssh-keygen -A >/dev/null && echo 'azureuser:{}' | chpasswd"
         " && echo '{}' > ~azureuser/.ssh/authorized_keys && chown -R azureuser ~azureuser/.ssh && exec /usr/sbin/sshd -D")
SCRIPT = """
import os, socket
from urllib.error import HTTPError
from urllib.request import urlopen
open("outputs/host.txt", "w").write(socket.gethostname())
try:
    urlopen(os.environ["AZUREML_SERVICE_ENDPOINT"])
except HTTPError as answer:
    print("answered", answer.code)
"""
WAITS = """
import os, time
while not os.path.exists(os.path.expanduser("~/go")):
    time.sleep(0.1)
"""


def docker(*words):
    return subprocess.run(["docker", *words], check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """Its name, its port and a private key that opens it; DOCKER_HOST leads to the engine, whatever the emulator's runtime."""
    if shutil.which("docker") is None or subprocess.run(
            ["docker", "image", "inspect", IMAGE], capture_output=True).returncode != 0:
        pytest.skip("DOCKER NOT TESTED: no engine has %s (scripts/instance-image)" % IMAGE)
    key = tmp_path_factory.mktemp("key") / "id"
    subprocess.run(["ssh-keygen", "-q", "-t", "rsa", "-m", "PEM", "-N", "", "-f", str(key)], check=True)
    public = key.with_suffix(".pub").read_text().strip()
    name = docker("run", "-d", "--init", "-p", "127.0.0.1::22", IMAGE, "sh", "-c", SETUP.format(PASSWORD, public))
    try:
        port = int(docker("port", name, "22").rsplit(":", 1)[1])
        greeting = b""
        while greeting != b"SSH-":
            with socket.create_connection(("127.0.0.1", port)) as there:
                greeting = there.recv(4)
        yield name, port, key
    finally:
        docker("rm", "-f", name)


def ready_made():
    environment = Environment("ready-made")
    environment.python.user_managed_dependencies = True
    environment.python.interpreter_path = "python3"
    return environment


def made_there():
    environment = Environment("made-there")
    for package in list(environment.python.conda_dependencies.pip_packages):
        environment.python.conda_dependencies.remove_pip_package(package)
    return environment


@pytest.fixture(scope="module")
def runs(ws, machine, tmp_path_factory):
    """All at once, each on a target of its own: most of a run's time is waiting."""
    _, port, key = machine
    wanted = {
        "password": (SCRIPT, ready_made(), {"password": PASSWORD}),
        "key": ("", made_there(), {"private_key_file": str(key)}),
        "wrong": ("", ready_made(), {"password": "guessed"}),
        "docker": ("", ready_made(), {"password": PASSWORD}),
        "dropped": (WAITS, ready_made(), {"password": PASSWORD}),
    }
    targets, started = [], {}
    for name, (script, environment, credentials) in wanted.items():
        folder = tmp_path_factory.mktemp(name)
        (folder / "train.py").write_text(script)
        target = ComputeTarget.attach(ws, f"vm-{name}", RemoteCompute.attach_configuration(
            address="127.0.0.1", ssh_port=port, username="azureuser", **credentials))
        targets.append(target)
        started[name] = Experiment(ws, "on-machines").submit(ScriptRunConfig(
            str(folder), "train.py", compute_target=target, environment=environment,
            docker_runtime_config=DockerConfiguration(use_docker=name == "docker")))
    yield started
    for target in targets:
        target.detach()


def test_a_script_runs_on_the_machine_with_a_password(machine, runs, tmp_path):
    run = runs["password"]
    assert ended(run) == "Completed", run.get_details()
    run.download_file("outputs/host.txt", str(tmp_path / "host.txt"))
    assert (tmp_path / "host.txt").read_text() == docker("exec", machine[0], "hostname")
    assert "answered 4" in log_of(run)


def test_packages_are_installed_on_the_machine_with_a_key(runs):
    assert ended(runs["key"]) == "Completed", runs["key"].get_details()


@pytest.mark.parametrize("name, said", [
    ("wrong", "does not accept the password of the user 'azureuser'"),
    ("docker", "and it has no Docker"),
])
def test_what_is_wrong_is_said(runs, name, said):
    assert ended(runs[name]) == "Failed"
    assert said in str(runs[name].get_details()["error"])


def test_a_lost_connection_ends_no_job(machine, runs):
    """The last one: the others' connections are cut too."""
    wait_until(lambda: "train.py" in docker("exec", machine[0], "ps", "ax"), "the job to run", 60)
    docker("exec", machine[0], "pkill", "-f", "sshd: azureuser")
    docker("exec", machine[0], "touch", "/home/azureuser/go")
    assert ended(runs["dropped"]) == "Completed", runs["dropped"].get_details()
