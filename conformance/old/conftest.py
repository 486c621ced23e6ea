"""Old SDKs, each in a Python of its own time; `malachite env` points their scripts, which run as their users run them."""

import os

import pytest

from support.emulator import REPO
from support.shell import run_script

SCRIPTS = REPO / "conformance" / "old" / "scripts"
BUILD = os.environ.get("MALACHITE_BUILD") or REPO / "build"


@pytest.fixture
def old(emulator, subscription, tmp_path):
    """Runs one of the scripts with the SDK of that name and returns what it printed."""
    def run(client, script, *arguments, mode="proxy", path=SCRIPTS):
        python = f"{BUILD}/venvs/{client}/bin/python"
        if not os.path.exists(python):
            pytest.skip(f"{client.upper()} NOT TESTED: there is no {python} (scripts/venv {client} makes it)")
        return run_script(path / script, *arguments, emulator=emulator, subscription=subscription, cwd=tmp_path,
                          python=python, mode=mode)
    return run
