"""Jobs on attached machines, over SSH: the machine is a container with OpenSSH (documents 000 and 001; sdk-v1 §4.2)."""

import shutil
import socket
import subprocess

import pytest
from azureml.core import Environment, Experiment, ScriptRunConfig
from azureml.core.compute import ComputeTarget, RemoteCompute

from support.runs import ended, log_of

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


@pytest.fixture
def attach(ws, machine):
    made = []

    def attach(name, **how):
        settings = {"address": "127.0.0.1", "ssh_port": machine[1], "username": "azureuser", **how}
        made.append(ComputeTarget.attach(ws, name, RemoteCompute.attach_configuration(**settings)))
        made[-1].wait_for_completion()
        return made[-1]

    yield attach
    for target in made:
        target.detach()


def submit(ws, target, script, folder, environment):
    (folder / "train.py").write_text(script)
    return Experiment(ws, "on-machines").submit(
        ScriptRunConfig(str(folder), "train.py", compute_target=target, environment=environment))


def ready_made(interpreter="python3"):
    environment = Environment("ready-made")
    environment.python.user_managed_dependencies = True
    environment.python.interpreter_path = interpreter
    return environment


def test_a_script_runs_on_the_machine_with_a_password(ws, machine, attach, tmp_path):
    run = submit(ws, attach("by-password", password=PASSWORD), SCRIPT, tmp_path, ready_made())

    assert ended(run) == "Completed", run.get_details()

    run.download_file("outputs/host.txt", str(tmp_path / "host.txt"))
    assert (tmp_path / "host.txt").read_text() == docker("exec", machine[0], "hostname")
    assert "answered 4" in log_of(run)


def test_packages_are_installed_on_the_machine_with_a_key(ws, machine, attach, tmp_path):
    environment = Environment("made-there")
    for package in list(environment.python.conda_dependencies.pip_packages):
        environment.python.conda_dependencies.remove_pip_package(package)
    run = submit(ws, attach("by-key", private_key_file=str(machine[2])), "", tmp_path, environment)
    assert ended(run) == "Completed", run.get_details()


@pytest.mark.parametrize("name, how, interpreter, said", [
    ("wrong", {"password": "guessed"}, "python3", "does not accept the password of the user 'azureuser'"),
    ("unknown", {"address": "no-such.invalid", "password": "x"}, "python3", "no-such.invalid"),
    ("bare", {"password": PASSWORD}, "/no/python", "no interpreter '/no/python'"),
])
def test_what_is_wrong_is_said(ws, attach, tmp_path, name, how, interpreter, said):
    run = submit(ws, attach(name, **how), "", tmp_path, ready_made(interpreter))
    assert ended(run) == "Failed"
    assert said in str(run.get_details()["error"])


def test_a_lost_connection_ends_no_job(ws, machine, attach, tmp_path):
    run = submit(ws, attach("dropped", password=PASSWORD), WAITS, tmp_path, ready_made())
    while "train.py" not in docker("exec", machine[0], "ps", "ax"):
        pass
    docker("exec", machine[0], "pkill", "-f", "sshd: azureuser")
    docker("exec", machine[0], "touch", "/home/azureuser/go")
    assert ended(run) == "Completed", run.get_details()
