"""A compute instance in a browser: who may open it, JupyterLab, a notebook and a terminal, and what outlives a stop."""

import base64
import json
import os
import time
import uuid

import pytest
import requests

from support.browser import Browser, find_chromium
from support.waiting import POLL_SECONDS, wait_until
from support.wire import Wire

pytestmark = [pytest.mark.all, pytest.mark.runtime("docker")]

NOTEBOOK = {
    "nbformat": 4, "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "cells": [{"cell_type": "code", "id": "one", "metadata": {}, "outputs": [], "execution_count": None,
               "source": "print(6 * 7, 'from the kernel')"}],
}
SECONDS = 120
# A page that has not come by now is asked for again.
GLANCE = 15


class Instance:
    """One instance, made by the wire."""

    def __init__(self, wire, name):
        self.wire = wire
        self.path = f"{wire.workspace}/computes/{name}"
        wire("PUT", wire.group, json={"location": "koreacentral"})
        wire("PUT", wire.workspace, json={"location": "koreacentral", "properties": {}})
        wait_until(lambda: wire("GET", wire.workspace).json()["properties"]["provisioningState"] == "Succeeded",
                   "the workspace")
        answer = wire("PUT", self.path, json={"location": "koreacentral", "properties": {
            "computeType": "ComputeInstance", "properties": {"vmSize": "STANDARD_DS2_V2"}}})
        assert answer.ok, answer.text
        self.is_to_be("Running")

    @property
    def inner(self):
        return self.wire("GET", self.path).json()["properties"]["properties"]

    def is_to_be(self, state):
        wait_until(lambda: self.inner["state"] == state, f"the instance to be {state}; it is {self.inner}", SECONDS)

    def power(self, verb, state):
        assert self.wire("POST", f"{self.path}/{verb}").status_code == 202
        self.is_to_be(state)

    def application(self, name):
        return {each["displayName"]: each["endpointUri"] for each in self.inner["applications"]}[name]


@pytest.fixture(scope="module")
def browser():
    chromium = find_chromium()
    if not chromium:
        pytest.skip("INSTANCE NOT OPENED: there is no Chromium (scripts/chromium installs one, MALACHITE_CHROMIUM names one)")
    opened = Browser(chromium)
    # Nobody has told this browser of the emulator's CA.
    opened("Security.setIgnoreCertificateErrors", ignore=True)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def instance(emulator, subscription):
    return Instance(Wire(emulator, subscription), "ci-browser")


@pytest.fixture(scope="module")
def lab(browser, instance, tmp_path_factory):
    """Signed in, with JupyterLab before it."""
    browser.open(instance.application("Jupyter Lab"))
    browser.see("Sign in to ci-browser", "Who are you?")
    browser.picture(tmp_path_factory.mktemp("sign-in") / "sign-in.png")
    browser.look("document.querySelector('button').click()")
    wait_until(lambda: browser.look("!document.title.startsWith('Sign in')"), "the way in")
    opened(browser, instance.application("Jupyter Lab"), "Launcher", "Notebook", "Terminal")
    return browser


def opened(browser, url, *wanted):
    """Opens a page, and again where it stays blank: Chromium drops what it loads when any container's network comes or goes."""
    def shows():
        browser.open(url)
        return within(GLANCE, lambda: all(each in browser.text for each in wanted))

    wait_until(shows, f"{url} to show {wanted}; it shows: {browser.text}", SECONDS)


def within(seconds, condition):
    """Whether this becomes true in so much time; who asks does something again if not."""
    ends = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends:
            return False
        time.sleep(POLL_SECONDS)
    return True


def api(browser, path, method="GET", body=None):
    """What the page's own server answers, asked from within the page."""
    order = {"method": method, "body": None if body is None else json.dumps(body)}
    asked = (f"fetch(location.pathname.replace(/(instances.[^/]+.).*/, '$1') + {json.dumps(path)}, {json.dumps(order)})"
             ".then((answer) => answer.text()).catch(() => '')")

    def answer():
        return browser("Runtime.evaluate", expression=asked, awaitPromise=True, returnByValue=True)["result"]["value"]

    return json.loads(wait_until(answer, f"the answer about {path}"))


def press(browser, key, code, number, text=None, modifiers=0):
    for kind in ("keyDown", "keyUp"):
        more = {"text": text} if text and kind == "keyDown" else {}
        browser("Input.dispatchKeyEvent", type=kind, key=key, code=code, windowsVirtualKeyCode=number,
                modifiers=modifiers, **more)


def test_jupyterlab_opens_and_shows_nobody_its_key(lab, tmp_path):
    assert "ci-browser" in lab.look("location.pathname")
    cookies = lab("Network.getCookies")["cookies"]
    assert [cookie["httpOnly"] and cookie["sameSite"] == "Lax" for cookie in cookies] == [True]
    lab.picture(tmp_path / "lab.png")


def test_cell_of_a_notebook_runs(lab, instance, tmp_path):
    api(lab, "api/contents/one.ipynb", "PUT", {"type": "notebook", "content": NOTEBOOK})
    opened(lab, instance.application("Jupyter Lab") + "/tree/one.ipynb", "one.ipynb", "Python 3", "Idle")

    def ran():
        lab.look("document.querySelector('.jp-Cell .cm-content').focus()")
        press(lab, "Enter", "Enter", 13, "\r", modifiers=8)
        return within(GLANCE, lambda: "42 from the kernel" in lab.text)

    wait_until(ran, "the cell to have run", 60)
    # As who works in it does; what is not saved goes with the machine.
    press(lab, "s", "KeyS", 83, modifiers=2)
    wait_until(lambda: "from the kernel" in json.dumps(api(lab, "api/contents/one.ipynb")["content"]["cells"][0]["outputs"]),
               "the notebook to be saved")
    lab.picture(tmp_path / "cell.png")


def test_terminal_takes_what_is_typed(lab, instance, tmp_path):
    name = api(lab, "api/terminals", "POST", {})["name"]
    lab.open(instance.application("Jupyter") .replace("/tree", f"/terminals/{name}"))

    def made():
        return "typed.txt" in [each["name"] for each in api(lab, "api/contents/")["content"]]

    def typed():
        # A terminal that has just been opened may not hear the first words.
        if not lab.look("document.querySelector('.xterm-helper-textarea') !== null"):
            return False
        lab.look("document.querySelector('.xterm-helper-textarea').focus()")
        lab("Input.insertText", text="echo $((6 * 7)) > typed.txt; clear; cat typed.txt")
        press(lab, "Enter", "Enter", 13, "\r")
        return within(5, made)

    wait_until(typed, "what was typed to be done", 60)
    assert api(lab, "api/contents/typed.txt")["content"] == "42\n"
    lab.picture(tmp_path / "terminal.png")


def token(**claims):
    """Who calls on loopback is believed: SDKs come with tokens of every issuer."""
    part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return {"Authorization": f"Bearer e30.{part}.nobody"}


def test_only_its_user_may_open_it(instance):
    url = instance.application("Jupyter")

    def ask(**headers):
        return requests.get(url, headers=headers, verify=os.environ["REQUESTS_CA_BUNDLE"], timeout=30)

    asked = ask(Accept="text/html")
    assert asked.status_code == 401 and "Who are you?" in asked.text
    assert ask().status_code == 401
    other = ask(**token(oid=str(uuid.uuid4()), name="Eve"))
    assert other.status_code == 403
    assert other.json()["error"]["message"].startswith("User Eve does not have access to compute instance ci-browser.")
    maker = instance.inner["createdBy"]
    assert "Jupyter" in ask(**token(oid=maker["userId"], name=maker["userName"])).text
    foreign = ask(Origin="https://example.org", Accept="text/html")
    assert foreign.status_code == 403


def test_files_outlive_a_stop(lab, instance):
    instance.power("stop", "Stopped")
    lab.open(instance.application("Jupyter Lab"))
    lab.see("is not running")
    instance.power("start", "Running")
    opened(lab, instance.application("Jupyter Lab") + "/tree/one.ipynb", "one.ipynb", "42 from the kernel")
    assert api(lab, "api/contents/typed.txt")["content"] == "42\n"
