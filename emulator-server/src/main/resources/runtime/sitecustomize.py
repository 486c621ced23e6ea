"""Sends the metrics that a job's SDK still holds when its Python ends.

azureml-core queues what run.log() gets and sends it once a second from a daemon thread, so a script that ends sooner loses it.
Azure ML runs scripts inside azureml.history._tracking.get_history_context_manager, which flushes every run of the process at
the end (SendRunKillSignal). The job file puts this folder first on PYTHONPATH, so that every Python of a job does the same.
Until the SDK is imported nothing happens here. Any Python must be able to read this file, also 2.7, where it does nothing.
"""

import os
import sys


class Watch(object):
    """A finder that finds nothing itself: it notices when the SDK's runs are imported."""

    def find_spec(self, name, path=None, target=None):
        if name != "azureml._run_impl.run_base":
            return None
        sys.meta_path.remove(self)
        from importlib.util import find_spec

        spec = find_spec(name)
        load = getattr(spec and spec.loader, "exec_module", None)
        if load:

            def load_and_arrange(module):
                load(module)
                flush_at_end(module)

            spec.loader.exec_module = load_and_arrange
        return spec


def flush_at_end(module):
    import atexit

    # What is registered last is called first, and it must come before the thread pools refuse work: since 3.9 they do so
    # ahead of atexit.
    import concurrent.futures.thread  # noqa: F401
    import threading

    # A forked child holds copies of its parent's queues but none of its threads.
    process = os.getpid()

    def flush():
        if os.getpid() == process and not os.environ.get("AZUREML_DISABLE_RUN_KILL_SIGNAL"):
            # The SDKs before 2019 write at once and have no such list.
            handlers = getattr(module._RunBase, "_registered_kill_handlers", None)
            if handlers is not None:
                flush_all(handlers)

    getattr(threading, "_register_atexit", atexit.register)(flush)


def flush_all(runs):
    import time

    ends = time.time() + float(os.environ.get("AZUREML_RUN_KILL_SIGNAL_TIMEOUT_SEC", "300"))
    try:
        while not runs.empty():
            runs.get_nowait()(max(0, ends - time.time()))
    except Exception as error:
        # How the script ended stays as it is.
        sys.stderr.write("Metrics may be missing, because they could not be sent: %s\n" % error)


def be_as_if_absent():
    """Takes this folder off the path and runs the sitecustomize that there would be without it, if any."""
    here = os.path.dirname(__file__)
    sys.path[:] = [folder for folder in sys.path if folder != here]
    # Held on to, as Python 2 takes a module apart that nobody holds.
    ours = sys.modules.pop(__name__)  # noqa: F841
    # That there is none is for Python's own site to put up with, as it always does.
    __import__(__name__)


if sys.version_info >= (3, 6):
    sys.meta_path.insert(0, Watch())
be_as_if_absent()
