"""The page in a browser, and what a run's name or log must not be able to do there."""

import html
import json
import os
import re
import shutil
import subprocess
import tempfile

import pytest
import requests

from support.waiting import wait_until
from support.wire import Wire, cluster

pytestmark = pytest.mark.all

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
EVIL = "<img src=/none onerror=document.title='pwned'><script>document.title='pwned'</script>"
SECONDS_OF_PAGE_TIME = 8


def find_chromium():
    found = os.environ.get("MALACHITE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.skip("PAGE NOT TESTED: there is no Chromium (scripts/chromium installs one, MALACHITE_CHROMIUM names one)")
    return found


@pytest.fixture(scope="module")
def browse(emulator):
    """Gives the document that a browser has made of a path after some seconds, as text."""
    chromium = find_chromium()

    def dump(fragment=""):
        with tempfile.TemporaryDirectory() as profile:
            command = [
                chromium, "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", f"--user-data-dir={profile}", "--window-size=1280,900",
                f"--virtual-time-budget={SECONDS_OF_PAGE_TIME * 1000}", "--dump-dom", f"{emulator.http}/{fragment}"]
            if os.name == "posix" and os.geteuid() == 0:
                command.insert(1, "--no-sandbox")
            answer = subprocess.run(command, capture_output=True, text=True, timeout=120)
            assert answer.returncode == 0, answer.stderr
            return answer.stdout

    return dump


@pytest.fixture(scope="module")
def empty(browse):
    """Seen before anything is made."""
    return browse()


class Jobs:
    """A cluster of one node, and v2 jobs that need no code."""

    def __init__(self, wire):
        self.wire = wire
        environment = f"{wire.workspace}/environments/base/versions/1"
        self._put(wire.group, {"location": "koreacentral"})
        self._put(wire.workspace, {"location": "koreacentral", "properties": {}})
        wait_until(lambda: wire("GET", wire.workspace).json()["properties"]["provisioningState"] == "Succeeded",
                   "the workspace")
        self._put(f"{wire.workspace}/computes/small", cluster())
        self._put(environment, {"properties": {"image": "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"}})
        self.environment = environment

    def _put(self, path, body):
        answer = self.wire("PUT", path, json=body)
        assert answer.ok, f"{path}: {answer.status_code} {answer.text}"

    def submit(self, name, command, display_name):
        self._put(f"{self.wire.workspace}/jobs/{name}", {"properties": {
            "jobType": "Command", "command": command, "displayName": display_name, "experimentName": "page",
            "environmentId": self.environment, "computeId": f"{self.wire.workspace}/computes/small"}})

    def status(self, name):
        return self.wire("GET", f"{self.wire.workspace}/jobs/{name}").json()["properties"]["status"]

    def ended(self, name):
        return wait_until(lambda: self.status(name) in ("Completed", "Failed", "Canceled") and self.status(name),
                          f"the end of {name}", 60)


@pytest.fixture(scope="module")
def busy(emulator, subscription, empty, tmp_path_factory):
    """One job has failed, one bears a nasty name, one runs until the tests are over, one waits for it."""
    jobs = Jobs(Wire(emulator, subscription))
    gate = tmp_path_factory.mktemp("gate") / "open"
    jobs.submit("broken", "echo about to fail; echo '<b>no</b> such thing' >&2; exit 3", "a broken one")
    jobs.submit("evil", f"printf '%s\\n' \"{EVIL}\"; printf 'no newline'", EVIL)
    assert (jobs.ended("broken"), jobs.ended("evil")) == ("Failed", "Completed")
    jobs.submit("holding", f"echo holding on; until [ -e {gate} ]; do sleep 0.1; done; echo let go", "the one that runs")
    wait_until(lambda: jobs.status("holding") == "Running", "the job to run", 60)
    jobs.submit("waiting", "true", "the one that waits")
    overview = emulator.overview()
    (workspace,) = [each["id"] for each in overview["workspaces"] if each["subscription"] == subscription]
    jobs.path = lambda name: f"{workspace}/{name}"
    jobs.url = lambda name: f"{emulator.http}/_emulator/workspaces/{workspace}/runs/{name}"
    jobs.let_go = gate.touch
    yield jobs
    gate.touch()


def text(document):
    """What a reader sees of it: tags out, entities resolved, blanks squeezed."""
    main = re.search(r"<body.*</body>", document, re.S).group()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def title(document):
    return html.unescape(re.search(r"<title>(.*?)</title>", document, re.S).group(1))


def test_newcomer_is_told_the_next_step(empty):
    assert "./malachite demo" in text(empty)
    assert 'eval "$(./malachite env)"' in text(empty)
    assert "live" in text(empty)


def test_overview_shows_targets_the_reason_of_a_wait_and_runs(browse, busy):
    seen = text(browse())
    assert "small cluster · Standard_D2_v2 · dedicated · 0 to 1 nodes" in seen
    assert "● Running the one that runs" in seen, "a node and what it does"
    assert re.search(r"the one that waits small ○ Queued .*It is next; the cluster is at its maximum of 1 node", seen)
    assert re.search(r"a broken one broken User program failed with exit code 3", seen)
    assert "✕ Failed" in seen and "✓ Completed" in seen


def test_page_has_headings_and_tables_for_those_who_do_not_see_it(browse, busy):
    document = browse()
    assert len(re.findall(r"<h1\b", document)) == 1
    assert [html.unescape(each).split()[0] for each in re.findall(r"<h2[^>]*>([^<]+)", document)] == [
        "Compute", "Queue", "Recent"]
    tables = re.findall(r"<table\b.*?</table>", document, re.S)
    assert tables and all("<caption" in each and 'scope="col"' in each and 'scope="row"' in each for each in tables)


def test_name_and_log_of_a_run_are_only_text(browse, busy):
    overview = browse()
    run = browse(f"#/run/{busy.path('evil')}")
    for document in (overview, run):
        assert html.escape(EVIL, quote=False) in document
        assert title(document) != "pwned"
        assert "onerror=" not in re.sub(r">[^<]*<", "><", document), "no element bears what the name says"
        assert re.findall(r"<script[^>]*>", document) == ['<script type="module" src="/ui/main.js">']
    assert "no newline" in text(run) and "complete" in text(run)


def test_failed_run_says_why(browse, busy):
    run = text(browse(f"#/run/{busy.path('broken')}"))
    assert "a broken one ✕ Failed User program failed with exit code 3" in run
    assert "about to fail" in run and "<b>no</b> such thing" in run
    assert "user_logs/std_log.txt" in run


def test_running_job_shows_what_it_prints(browse, busy):
    run = text(browse(f"#/run/{busy.path('holding')}"))
    assert "Log user_logs/std_log.txt live download holding on" in run and "let go" not in run
    assert "Attempt 1 runs on" in run


def test_unknown_run_is_said_to_be_none(browse, busy):
    assert "There is no such run" in text(browse(f"#/run/{busy.path('nobody')}"))


def test_log_arrives_while_the_job_runs_and_ends_with_it(busy):
    with requests.get(busy.url("holding") + "/log/follow", stream=True, timeout=60) as answer:
        events = (json.loads(line[5:]) for line in answer.iter_lines(chunk_size=1) if line.startswith(b"data:"))
        assert next(events)["text"] == "holding on\n"
        busy.let_go()
        assert next(events)["text"] == "let go\n"
        assert next(events) == {"next": len("holding on\nlet go\n")}
    assert busy.ended("waiting") == "Completed"
