"""Jobs on attached machines, over SSH: the machine is a container with OpenSSH (documents 000 and 001; sdk-v1 §4.2)."""

import shutil
import subprocess

import pytest
from azureml.core import Environment, Experiment, ScriptRunConfig
from azureml.core.compute import ComputeTarget, RemoteCompute
from azureml.core.runconfig import DockerConfiguration

from support.machine import PASSWORD, begin, docker, require
from support.runs import ended, log_of
from support.waiting import wait_until

# The machine is the same whatever the emulator's own nodes are.
pytestmark = pytest.mark.runtime("process")

PHRASE = "a pass-phrase"

# What OpenSSH calls the form of PKCS#1 and its own.
LOCKED = ("PEM", "RFC4716")

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


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """Its name, its port and a private key that opens it; DOCKER_HOST leads to the engine, whatever the emulator's runtime."""
    require()
    key = tmp_path_factory.mktemp("key") / "id"
    subprocess.run(["ssh-keygen", "-q", "-t", "rsa", "-m", "PEM", "-N", "", "-f", str(key)], check=True)
    for form in LOCKED:
        shutil.copy(key, f"{key}-{form}")
        subprocess.run(["ssh-keygen", "-q", "-p", "-m", form, "-P", "", "-N", PHRASE, "-f", f"{key}-{form}"], check=True)
    name, port = begin(key.with_suffix(".pub").read_text().strip())
    yield name, port, key
    docker("rm", "-f", name)


def locked(key, form, phrase=None):
    return {"private_key_file": f"{key}-{form}", **({"private_key_passphrase": phrase} if phrase else {})}


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
        "phrase": ("", ready_made(), locked(key, "PEM", PHRASE)),
        "new-phrase": ("", ready_made(), locked(key, "RFC4716", PHRASE)),
        "no-phrase": ("", ready_made(), locked(key, "RFC4716")),
        "other-phrase": ("", ready_made(), locked(key, "RFC4716", "guessed")),
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


@pytest.mark.parametrize("name", ["phrase", "new-phrase"])
def test_a_key_with_a_passphrase(runs, name):
    assert ended(runs[name]) == "Completed", runs[name].get_details()


def test_packages_are_installed_on_the_machine_with_a_key(runs):
    assert ended(runs["key"]) == "Completed", runs["key"].get_details()


@pytest.mark.parametrize("name, said", [
    ("wrong", "does not accept the password of the user 'azureuser'"),
    ("docker", "and it has no Docker"),
    ("no-phrase", "cannot be read; if it has a passphrase, name that too"),
    ("other-phrase", "cannot be read with its passphrase"),
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
