"""The conda of a compute instance: environments of Python's own, and conda's packages from PyPI where they are known to be there.

Whose Python runs this is the machine's own environment, `base`. Environments are made as conda makes them for who may not
write beside it, below ~/.conda/envs.
"""
import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ENVIRONMENTS = Path.home() / ".conda" / "envs"
# What scripts for Azure's machines call their environments.
OF_AZURE = re.compile(r"azureml_py[0-9a-z_]+")
SPEC = re.compile(r"(?:[^:\s]+::)?([A-Za-z0-9_.-]+)\s*([=<>!~][^\[]*)?(?:\[.*])?")


class Refused(Exception):
    """What was asked for cannot be done; the text says why, in conda's words where it has some."""


def known_names():
    lines = (Path(__file__).parent / "conda-names.properties").read_text(encoding="ascii").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def place(name):
    """The folder of the environment of that name, or of that path."""
    if name == "base" or OF_AZURE.fullmatch(name):
        return Path(sys.prefix)
    if "/" in name:
        return Path(name).expanduser().absolute()
    if not re.fullmatch(r"[^\s:#/.][^\s:#/]*", name):
        raise Refused(f"CondaValueError: Invalid environment name: {name!r}")
    return ENVIRONMENTS / name


def existing(name):
    folder = place(name)
    if not (folder / "bin" / "python").exists():
        raise Refused(f"EnvironmentNameNotFound: Could not find conda environment: {name}\n"
                      "You can list all discoverable environments with `conda info --envs`.")
    return folder


def chosen(options):
    """The environment that is named, or else the active one."""
    folder = existing(options.prefix or options.name or os.environ.get("CONDA_PREFIX") or "base")
    if folder == Path(sys.prefix) == Path(sys.base_prefix):
        raise Refused("CondaEnvironmentError: The machine has no environment of its own yet: name one with -n.")
    return folder


def requirement(name, version):
    """Conda's =1.2 means any 1.2; pip has ==1.2.* for it. A build string has no counterpart."""
    text = (version or "").strip()
    if not text.startswith("="):
        return name + text
    number = text.lstrip("=").split("=")[0].strip()
    exact = text.startswith("==") or "*" in number or number.count(".") > 1
    return f"{name}=={number}" + ("" if exact else ".*")


def sort(wanted):
    """What is wanted: the version of Python or None, whether pip is among it, and lines for pip."""
    python, pip, lines, unknown = None, False, [], []
    names = known_names()
    for each in wanted:
        spec = SPEC.fullmatch(each.strip())
        name = spec.group(1).lower() if spec else ""
        if name == "python":
            version = re.search(r"\d+(\.\d+)*", spec.group(2) or "")
            python, pip = version.group(0) if version else None, True
        elif name == "pip":
            pip = True
        elif name not in names:
            unknown.append(each)
        elif names[name]:
            lines.append(requirement(names[name], spec.group(2)))
    if unknown:
        raise Refused("PackagesNotFoundError: There are no conda channels here, and no package of PyPI is known for: "
                      + ", ".join(unknown) + ". Take it with pip, or with apt.")
    return python, pip, lines


def interpreter(version):
    """A Python of that version, which has to be on the machine."""
    own = ".".join(map(str, sys.version_info[:3]))
    if version is None or (own + ".").startswith(version + "."):
        return sys.executable
    found = shutil.which("python" + ".".join(version.split(".")[:2]))
    if not found:
        raise Refused(f"PackagesNotFoundError: python={version} is not on this machine, which has {own}.")
    return found


def run(*command):
    ended = subprocess.run(command).returncode
    if ended:
        raise Refused(f"CondaError: {shlex.join(map(str, command))} ended with {ended}.")


def install_into(folder, pip, lines):
    python = folder / "bin" / "python"
    if (pip or lines) and subprocess.run([python, "-c", "import pip"], stderr=subprocess.DEVNULL).returncode:
        run(python, "-m", "ensurepip", "--default-pip")
    if lines:
        run(python, "-m", "pip", "--disable-pip-version-check", "install", *lines)


def create(options):
    name = options.prefix or options.name
    if not name:
        raise Refused("CondaValueError: one of the arguments -n/--name -p/--prefix is required")
    folder = place(name)
    if folder == Path(sys.prefix):
        raise Refused("CondaValueError: The machine's own environment is there already.")
    python, pip, lines = sort(options.packages)
    run(interpreter(python), "-m", "venv", "--clear", "--without-pip", folder)
    install_into(folder, pip, lines)
    print(f"\n  environment location: {folder}\n\n# To activate this environment, use\n#\n#     $ conda activate {name}\n")


def install(options):
    if not options.packages:
        raise Refused("CondaValueError: too few arguments, must supply command line package specs")
    folder = chosen(options)
    python, pip, lines = sort(options.packages)
    if python and not (subprocess.check_output([folder / "bin" / "python", "-c",
                       "import platform; print(platform.python_version() + '.', end='')"], text=True).startswith(python + ".")):
        raise Refused("CondaError: The Python of an environment stays as it is; create another one with it.")
    install_into(folder, pip, lines)


def remove(options):
    folder = chosen(options)
    if not options.all:
        if not options.packages:
            raise Refused("CondaValueError: no package names supplied,\n       try \"conda remove -h\" for more details")
        names = [SPEC.fullmatch(line).group(1) for line in sort(options.packages)[2]]
        return run(folder / "bin" / "python", "-m", "pip", "uninstall", "--yes", *names)
    if folder == Path(sys.prefix) or not (folder / "pyvenv.cfg").exists():
        raise Refused("CondaEnvironmentError: cannot remove the machine's own environment.")
    shutil.rmtree(folder)


def listed(options):
    run(chosen(options) / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "list")


def environments(_):
    active = Path(os.environ.get("CONDA_PREFIX") or sys.prefix)
    print("# conda environments:\n#")
    for folder in [Path(sys.prefix), *sorted(ENVIRONMENTS.glob("*/"))]:
        name = "base" if folder == Path(sys.prefix) else folder.name
        print(f"{name:<20} {'*' if folder == active else ' '}  {folder}")


def run_in(options):
    folder = chosen(options)
    environment = dict(os.environ, PATH=f"{folder / 'bin'}:{os.environ['PATH']}", CONDA_PREFIX=str(folder))
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        raise Refused("CondaValueError: a command to run is missing")
    sys.exit(subprocess.run(command, env=environment).returncode)


def shell(options):
    """Lines for the shell that asks: only it can change its own variables."""
    if options.verb == "hook":
        return print((Path(__file__).parent / "conda.sh").read_text(encoding="ascii"))
    before = os.environ.get("CONDA_PREFIX")
    path = [each for each in os.environ["PATH"].split(":") if not before or each != before + "/bin"]
    if options.verb == "deactivate":
        print(f"export PATH={shlex.quote(':'.join(path))}\nunset CONDA_PREFIX CONDA_DEFAULT_ENV")
        prompt = ""
    else:
        folder = existing(options.name)
        print(f"export PATH={shlex.quote(':'.join([str(folder / 'bin'), *path]))}")
        print(f"export CONDA_PREFIX={shlex.quote(str(folder))} CONDA_DEFAULT_ENV={shlex.quote(options.name)}")
        prompt = f"({options.name}) "
    print(f'[ -z "${{PS1-}}" ] || PS1={shlex.quote(prompt)}"${{PS1#"${{CONDA_PROMPT_MODIFIER-}}"}}"')
    print(f"CONDA_PROMPT_MODIFIER={shlex.quote(prompt)}\nhash -r")


def parser():
    top = argparse.ArgumentParser(prog="conda", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("-V", "--version", action="version", version="conda of this machine, which makes environments with venv and pip")
    verbs = top.add_subparsers(dest="verb", required=True)

    def verb(name, does, packages=False, *aliases):
        sub = verbs.add_parser(name, aliases=list(aliases))
        sub.set_defaults(does=does, all=False)
        for short, long in (("-n", "--name"), ("-p", "--prefix")):
            sub.add_argument(short, long)
        sub.add_argument("-y", "--yes", "-q", "--quiet", action="store_true", help="nothing is asked here")
        sub.add_argument("-c", "--channel", action="append", help="taken and not asked: packages come from PyPI")
        if packages:
            sub.add_argument("packages", nargs="*")
        return sub

    verb("create", create, True)
    verb("install", install, True)
    verb("remove", remove, True, "uninstall").add_argument("--all", action="store_true")
    verb("list", listed)
    verb("run", run_in).add_argument("command", nargs=argparse.REMAINDER)
    info = verb("info", environments)
    info.add_argument("-e", "--envs", action="store_true")
    verb("init", lambda _: print("no change: every shell of this machine knows conda activate")).add_argument("shells", nargs="*")
    of_env = verbs.add_parser("env").add_subparsers(dest="of_env", required=True)
    of_env.add_parser("list").set_defaults(does=environments)
    gone = of_env.add_parser("remove")
    gone.set_defaults(does=remove, all=True, packages=[], prefix=None)
    gone.add_argument("-n", "--name", required=True)
    gone.add_argument("-y", "--yes", action="store_true")
    for name in ("shell.posix", "shell.bash"):
        inner = verbs.add_parser(name)
        inner.set_defaults(does=shell)
        inner.add_argument("verb", choices=["activate", "deactivate", "hook"])
        inner.add_argument("name", nargs="?", default="base")
    return top


if __name__ == "__main__":
    try:
        options = parser().parse_args()
        options.does(options)
    except Refused as refused:
        sys.exit(f"\n{refused}\n")
