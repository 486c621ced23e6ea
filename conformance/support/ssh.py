"""OpenSSH's client, as somebody at a shell has it."""

import os
import subprocess


def ssh(command, host, port, user, key=None, password=None, terminal=False, given=""):
    """Runs a command there; `password` is a folder of the test's own and the password, for which OpenSSH asks a program."""
    line = ["ssh", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
            "-o", "NumberOfPasswordPrompts=1", "-p", str(port)]
    environment = dict(os.environ)
    if key:
        line += ["-i", str(key), "-o", "IdentitiesOnly=yes", "-o", "PreferredAuthentications=publickey"]
    if password:
        asked = password[0] / "ask"
        asked.write_text("#!/bin/sh\necho '%s'\n" % password[1])
        asked.chmod(0o700)
        line += ["-o", "PreferredAuthentications=password"]
        environment.update(SSH_ASKPASS=str(asked), SSH_ASKPASS_REQUIRE="force", DISPLAY="none")
    if terminal:
        line.append("-tt")
    return subprocess.run([*line, f"{user}@{host}", command], env=environment, input=given, capture_output=True, text=True,
                          timeout=30)
