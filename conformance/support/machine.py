"""A machine of the user's own: a container with OpenSSH, on the engine that DOCKER_HOST leads to."""

import os
import shutil
import socket
import subprocess

import pytest

IMAGE = "malachite/instance:1"
PASSWORD = "a pass-word"
SETUP = ("mkdir -p /run/sshd ~azureuser/.ssh && ssh-keygen -A >/dev/null && echo 'azureuser:{}' | chpasswd"
         " && echo '{}' > ~azureuser/.ssh/authorized_keys && chown -R azureuser ~azureuser && exec /usr/sbin/sshd -D -p {}")


def docker(*words):
    return subprocess.run(["docker", *words], check=True, capture_output=True, text=True).stdout.strip()


def require():
    if shutil.which("docker") is None or subprocess.run(
            ["docker", "image", "inspect", IMAGE], capture_output=True).returncode != 0:
        pytest.skip("DOCKER NOT TESTED: no engine has %s (scripts/instance-image)" % IMAGE)


def begin(public_key):
    """Its name and its port."""
    name = docker("run", "-d", "--init", "-p", "127.0.0.1::22", IMAGE, "sh", "-c", SETUP.format(PASSWORD, public_key, 22))
    return name, _greeting(int(docker("port", name, "22").rsplit(":", 1)[1]))


def begin_with_docker(home):
    """The same with an engine: the one that it runs on, so its home lies where that engine finds it too."""
    address = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if not address.startswith("unix://"):
        pytest.skip("DOCKER NOT TESTED: the engine is not on this machine")
    pipe = address[len("unix://"):]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user = f"usermod -d {home} azureuser && (groupadd -f -o -g $(stat -c %g {pipe}) engine; usermod -aG engine azureuser) && "
    profile = f"echo 'export DOCKER_HOST={address}' >> /etc/bash.bashrc.new && cat /etc/bash.bashrc >> /etc/bash.bashrc.new"
    name = docker(
        "run", "-d", "--init", "--network", "host", "-v", f"{home}:{home}", "-v", f"{pipe}:{pipe}",
        "-v", f"{os.path.realpath(shutil.which('docker'))}:/usr/local/bin/docker:ro", IMAGE, "sh", "-c",
        user + profile + " && mv /etc/bash.bashrc.new /etc/bash.bashrc && " + SETUP.format(PASSWORD, "", port))
    return name, _greeting(port)


def _greeting(port):
    said = b""
    while said != b"SSH-":
        try:
            with socket.create_connection(("127.0.0.1", port)) as there:
                said = there.recv(4)
        except ConnectionError:
            pass
    return port
