"""Starts one emulator for the session and points this process at it, as a shell is pointed: by variables only."""

import os
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

import pytest

from support.emulator import Emulator, NotAvailable, find_jar, find_java

RUNTIMES = ("process", "docker", "simulated")
SESSION = pytest.StashKey()


class Session:
    """The folder, the emulator and, where tests cannot run at all, why not."""

    def __init__(self, runtime):
        self.runtime = runtime
        self.folder = Path(tempfile.mkdtemp(prefix="malachite-conformance-"))
        self.emulator = Emulator(self.folder / "data", runtime)
        self.unmet = _unmet(runtime)

    def start(self):
        self.emulator.start()
        home = self.folder / "home"
        home.mkdir()
        # SDKs keep discovery answers and snapshot caches in the home folder; the developer's must stay out of it.
        os.environ.update(self.emulator.env(str(uuid.uuid4())), HOME=str(home), NO_PROXY="127.0.0.1,localhost")
        os.environ.update(no_proxy=os.environ["NO_PROXY"])
        os.environ.pop("AML_SNAPSHOT_NO_FILE_LIMIT", None)

    def end(self, keep):
        if self.unmet is None:
            try:
                # Nodes outlive an emulator that is only stopped, and these would have nobody to come back to.
                self.emulator.reset()
            finally:
                self.emulator.stop()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)


def _unmet(runtime):
    """Why this runtime cannot be tested here, or None."""
    try:
        find_jar()
        find_java()
    except NotAvailable as missing:
        return str(missing)
    if runtime == "docker":
        try:
            answer = subprocess.run(["docker", "version", "--format", "{{.Server.Version}}"],
                                    capture_output=True, text=True, timeout=30)
        except FileNotFoundError:
            return "DOCKER NOT TESTED: there is no docker command (scripts/engine start brings an engine)"
        if answer.returncode != 0:
            return f"DOCKER NOT TESTED: no engine answers at {os.environ.get('DOCKER_HOST', 'the default socket')}"
    return None


def pytest_sessionstart(session):
    runtime = os.environ.get("MALACHITE_TEST_RUNTIMES") or "process"
    if runtime == "none":
        return
    if runtime not in RUNTIMES:
        raise pytest.UsageError(
            f"MALACHITE_TEST_RUNTIMES={runtime}: one session serves one of {', '.join(RUNTIMES)};"
            " ./run goes through a list")
    if session.config.option.collectonly or hasattr(session.config, "workerinput"):
        return
    shared = Session(runtime)
    session.config.stash[SESSION] = shared
    if shared.unmet is None:
        # Before collection: the v1 SDK asks for the clouds while it is imported.
        shared.start()


def pytest_sessionfinish(session, exitstatus):
    shared = session.config.stash.get(SESSION, None)
    if shared:
        failed = exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
        shared.end(keep=failed)
        if failed:
            print(f"\nthe emulator's data and log are kept in {shared.folder}")


def pytest_report_header(config):
    shared = config.stash.get(SESSION, None)
    if shared is None:
        return None
    return f"emulator: {shared.runtime} runtime, {'NOT RUN: ' + shared.unmet if shared.unmet else find_jar()}"


def pytest_collection_modifyitems(config, items):
    shared = config.stash.get(SESSION, None)
    if shared is None:
        return
    for item in items:
        only = item.get_closest_marker("runtime")
        if shared.unmet:
            item.add_marker(pytest.mark.skip(reason=shared.unmet))
        elif only and shared.runtime not in only.args:
            item.add_marker(pytest.mark.skip(reason=f"is about the {' and '.join(only.args)} runtime"))
    # A killed emulator must not be the first thing that the others meet.
    items.sort(key=lambda item: "test_restart" in item.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    shared = item.config.stash.get(SESSION, None)
    if report.failed and shared and shared.unmet is None:
        report.sections.append(("emulator's log, its end", shared.emulator.log_tail(20)))
    return report


@pytest.fixture(scope="session")
def emulator(pytestconfig):
    return pytestconfig.stash[SESSION].emulator


@pytest.fixture(scope="session")
def runtime(emulator):
    return emulator.runtime


@pytest.fixture(scope="module")
def subscription(emulator):
    """A subscription that nobody has used, so that modules do not see each other's resources."""
    fresh = str(uuid.uuid4())
    os.environ.update(emulator.env(fresh))
    return fresh
