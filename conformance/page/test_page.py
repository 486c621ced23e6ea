"""The page in a browser, and what a run's name or log must not be able to do there."""

import json
import re

import pytest
import requests

from support.browser import Browser, find_chromium
from support.waiting import wait_until
from support.wire import Wire, cluster

pytestmark = [pytest.mark.all, pytest.mark.runtime("process")]

EVIL = "<img src=/none onerror=document.title='pwned'><script>document.title='pwned'</script>"


# Texts with less contrast than WCAG AA asks for, each with what it has.
CONTRAST = """
(() => {
  const rgb = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (colour) => {
    const [r, g, b] = rgb(colour).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (rgb(colour)[3] !== 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.querySelectorAll("body *")]
    .filter((e) => e.checkVisibility() && !e.closest("[aria-hidden]") && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
    .map((e) => [light(getComputedStyle(e).color), light(behind(e)), e.textContent.trim().slice(0, 40)])
    .map(([a, b, text]) => [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), text])
    .filter(([ratio]) => ratio < 4.5);
})()
"""


@pytest.fixture(scope="module")
def browser():
    chromium = find_chromium()
    if not chromium:
        pytest.skip("PAGE NOT TESTED: there is no Chromium (scripts/chromium installs one, MALACHITE_CHROMIUM names one)")
    opened = Browser(chromium)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def empty(browser, emulator):
    """Seen before anything is made."""
    browser.open(emulator.http)
    return browser.see("./malachite demo", "live")


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


@pytest.fixture
def overview(browser, emulator, busy):
    browser.open(emulator.http)
    browser.see("Recent runs", "a broken one", "live")
    return browser


@pytest.fixture
def run(browser, emulator, busy):
    def open_run(name, *wanted):
        browser.open(f"{emulator.http}/#/run/{busy.path(name)}")
        return browser.see("Log", *wanted)

    return open_run


def test_newcomer_is_told_the_next_step(empty):
    assert "See it all once ./malachite demo" in empty
    assert 'eval "$(./malachite env)"' in empty


def test_overview_shows_targets_the_reason_of_a_wait_and_runs(overview):
    seen = overview.text
    assert "small cluster · Standard_D2_v2 · dedicated · 0 to 1 nodes" in seen
    assert "● Running the one that runs" in seen, "a node and what it does"
    assert re.search(r"the one that waits small ○ Queued .*It is next; the cluster is at its maximum of 1 node", seen)
    assert "a broken one broken User program failed with exit code 3. … <b>no</b> such thing" in seen
    assert "✕ Failed" in seen and "✓ Completed" in seen


def test_page_has_headings_and_tables_for_those_who_do_not_see_it(overview):
    assert overview.look("document.querySelectorAll('h1').length") == 1
    assert overview.look("[...document.querySelectorAll('h2')].map(h => h.firstChild.data)") == [
        "Compute targets", "Queue", "Recent runs"]
    assert overview.look(
        "[...document.querySelectorAll('table')].every(t => t.caption && t.querySelector('th[scope=col]')"
        " && [...t.tBodies[0].rows].every(r => r.cells[0].scope === 'row'))")
    assert overview.look("document.documentElement.lang") == "en"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_is_legible_in_any_window_and_light(overview, scheme, width):
    overview.dress(scheme, width)
    try:
        assert overview.look("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
        faint = overview.look(CONTRAST)
        assert faint == [], "texts whose contrast is below WCAG's 4.5 : 1"
    finally:
        overview.dress()


def test_name_and_log_of_a_run_are_only_text(overview, run):
    assert EVIL in overview.text
    only_ours = "[...document.scripts].map(s => s.getAttribute('src')).join() + document.querySelectorAll('main img').length"
    assert overview.look(only_ours) == "/ui/main.js0"
    seen = run("evil", "no newline", "complete")
    assert seen.count(EVIL) == 2, "its name, and the line that it printed"
    assert overview.look(only_ours) == "/ui/main.js0"
    assert overview.look("document.title") == f"{EVIL}: Completed · Malachite"


def test_failed_run_says_why(run):
    seen = run("broken", "complete")
    assert "a broken one ✕ Failed User program failed with exit code 3" in seen
    assert "about to fail" in seen and "<b>no</b> such thing" in seen
    assert "user_logs/std_log.txt" in seen


def test_unknown_run_is_said_to_be_none(browser, emulator, busy):
    browser.open(f"{emulator.http}/#/run/{busy.path('nobody')}")
    browser.see("There is no such run")


def test_overview_is_reached_by_keyboard(overview):
    for _ in range(20):
        overview("Input.dispatchKeyEvent", type="keyDown", key="Tab", code="Tab", windowsVirtualKeyCode=9)
        if overview.look("document.activeElement.textContent") == "the one that runs":
            break
    overview("Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")
    overview.see("Attempt 1 runs on", "holding on")
    assert overview.look("document.activeElement.id") == "main", "the reader begins where the new content is"


def test_log_and_state_follow_the_job_without_being_asked(run, busy, browser):
    seen = run("holding", "holding on", "Attempt 1 runs on")
    assert "let go" not in seen
    busy.let_go()
    browser.see("let go", "complete", "✓ Completed")
    assert busy.ended("waiting") == "Completed"


def test_log_is_a_stream_that_ends_with_the_run(busy):
    with requests.get(busy.url("holding") + "/log/follow", stream=True, timeout=60) as answer:
        events = [json.loads(line[5:]) for line in answer.iter_lines() if line.startswith(b"data:")]
    assert events == [{"from": 0, "next": 18, "text": "holding on\nlet go\n"}, {"next": 18}]


def test_page_says_when_the_emulator_is_away_and_when_it_is_back(overview, emulator, busy):
    emulator.stop()
    overview.see("reconnecting")
    assert "a broken one" in overview.text, "what was seen last stays"
    emulator.start()
    overview.see("live")


@pytest.fixture
def targets(browser, emulator, busy):
    browser.open(f"{emulator.http}/#/targets")
    browser.see("Compute targets", "small", "live")
    return browser


def press(browser, name):
    """Presses the button of that name, or of that label, wherever it is."""
    pressed = browser.look(
        f"(() => {{ const b = [...document.querySelectorAll('dialog button, button')].find(b => !b.disabled &&"
        f" (b.ariaLabel ?? b.textContent) === {json.dumps(name)}); b?.click(); return Boolean(b); }})()")
    assert pressed, f"no button {name}"


def fill_in(browser, **values):
    for name, value in values.items():
        browser.look(
            f"(() => {{ const f = document.querySelector('dialog [name={name}]'); f.value = {json.dumps(value)};"
            " f.dispatchEvent(new Event('input', {bubbles: true})); })()")


def test_cluster_is_made_and_deleted_through_the_public_api(targets, emulator):
    press(targets, "New target")
    fill_in(targets, name="from-the-page", size="Standard_Nonsense", most="1")
    press(targets, "Create")
    targets.see("The VM size 'Standard_Nonsense' is not supported")
    fill_in(targets, size="Standard_DS3_v2")
    press(targets, "Create")
    targets.see("from-the-page", "cluster STANDARD_DS3_V2", "nodes: 0 (0 to 1)", "Create from-the-page: done.")
    press(targets, "Delete from-the-page")
    targets.see("Delete from-the-page?", "Its nodes go")
    press(targets, "Delete")
    targets.see("Delete from-the-page: done.")
    assert "from-the-page" not in targets.look("document.querySelector('tbody').innerText")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_targets_and_their_dialog_are_legible_in_any_window_and_light(targets, scheme, width):
    targets.dress(scheme, width)
    try:
        press(targets, "New target")
        assert targets.look("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
        assert targets.look(CONTRAST) == [], "texts whose contrast is below WCAG's 4.5 : 1"
    finally:
        press(targets, "Cancel")
        targets.dress()


@pytest.mark.parametrize("headers, status", [
    ({"x-malachite-page": "1"}, 200),
    ({}, 403),
    ({"x-malachite-page": "1", "Host": "attacker.example"}, 403),
    ({"x-malachite-page": "1", "Authorization": "Bearer x"}, 403),
])
def test_only_the_page_comes_without_a_token(emulator, busy, headers, status):
    answer = requests.get(f"{emulator.http}/subscriptions?api-version=2022-12-01", headers=headers)
    assert answer.status_code == status, answer.text


def test_another_sites_page_cannot_pass_for_ours(emulator, busy):
    url = f"{emulator.http}/subscriptions/{emulator.http}?api-version=2022-12-01"
    asked = requests.options(url, headers={
        "Origin": "https://attacker.example", "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "x-malachite-page"})
    assert "Access-Control-Allow-Origin" not in asked.headers
    posted = requests.put(url, headers={"Origin": "https://attacker.example", "x-malachite-page": "1"}, json={})
    assert posted.status_code == 403, posted.text
