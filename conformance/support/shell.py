"""A shell of its own for a user's script: nothing of this process but what `malachite env` prints, PATH and a home."""

import os
import subprocess
import sys


def run_script(script, *arguments, emulator, subscription, cwd, python=sys.executable, mode="variables",
               deadline=180):
    """Runs a script to its end and returns what it printed; fails with all of that when it fails."""
    home = cwd / "home"
    home.mkdir(exist_ok=True)
    variables = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "NO_PROXY": "127.0.0.1,localhost"}
    variables.update(emulator.env(subscription, mode))
    done = subprocess.run(
        [str(python), str(script), *arguments], cwd=cwd, env=variables, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=deadline)
    assert done.returncode == 0, f"{script} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout
