"""docker-compose.yml as it lies in the repository: the emulator under the service's own names, an unchanged script beside it."""

import os
import shutil
import subprocess
import urllib.request
import uuid

import pytest

from support.emulator import REPO, NotAvailable, find_jar, free_ports

pytestmark = pytest.mark.all

MINUTES = 60


def script(name, *arguments):
    """Runs one of scripts/ and returns what it printed; a script that cannot do its work is a reason not to test."""
    try:
        done = subprocess.run([str(REPO / "scripts" / name), *arguments], capture_output=True, text=True, timeout=15 * MINUTES)
    except FileNotFoundError:
        pytest.skip(f"COMPOSE NOT TESTED: there is no scripts/{name}")
    if done.returncode != 0:
        pytest.skip(f"COMPOSE NOT TESTED: scripts/{name} says: {done.stderr.strip()[-500:]}")
    return done.stdout.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def compose():
    """Runs compose on a project of its own, which is gone afterwards with its volume."""
    if not shutil.which("docker") or subprocess.run(["docker", "version"], capture_output=True).returncode != 0:
        pytest.skip("COMPOSE NOT TESTED: no Docker engine answers")
    plugin = os.environ.get("MALACHITE_COMPOSE") or script("compose-plugin")
    try:
        script("emulator-image", str(find_jar()))
    except NotAvailable as missing:
        pytest.skip(f"COMPOSE NOT TESTED: {missing}")
    script("script-image")
    project = "malachite-" + uuid.uuid4().hex[:8]
    (port,) = free_ports(1)
    env = dict(os.environ, MALACHITE_HTTP_PORT=str(port))
    if env.get("DOCKER_HOST", "").startswith("unix://"):
        env.setdefault("MALACHITE_ENGINE_SOCKET", env["DOCKER_HOST"][len("unix://"):])

    def run(*arguments):
        return subprocess.run(
            [plugin, "--file", str(REPO / "docker-compose.yml"), "--project-name", project, *arguments],
            env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=5 * MINUTES)

    yield run
    # The nodes are containers beside compose's own; only the emulator knows them.
    run("up", "--detach", "--wait", "malachite")
    forget = urllib.request.Request(f"http://127.0.0.1:{port}/_emulator/reset", method="POST")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(forget, timeout=60):
        pass
    run("down", "--volumes", "--remove-orphans", "--timeout", "10")


def test_the_script_runs_its_job_in_a_container_beside_the_emulator(compose):
    done = compose("up", "--exit-code-from", "script", "--no-color")
    assert done.returncode == 0, done.stdout
    assert "the total is 332833500" in done.stdout, "the job's own line, streamed to the script"
    assert "status: Completed" in done.stdout
