"""Measures the server that it is given the command line of; `scripts/bench` gathers what is needed and calls it."""

import argparse
import os
import signal
import sys
import time

import blobs
import command_job
import containers
import jobs
import puts
import scale
import snippet
import starts
from report import Report
from server import Trouble

# Each with the keys that it is for.
PARTS = {
    "starts": ("start_ready_s", "first_start_ready_s", "memory_after_start_mib"),
    "jobs": ("warm_job_ratio", "warm_start_ratio", "cold_job_ratio"),
    "snippet": ("cluster_snippet_s",),
    "command": ("command_job_s", "command_job_ours_s"),
    "puts": ("durable_puts_per_s", "put_p99_ms"),
    "scale": ("drain_100k_s", "job_cost_ratio_100k_to_1k", "job_cost_ratio_10k_to_1k", "waiting_job_bytes", "waiting_cpu_percent"),
    "containers": ("containers_100_started_s", "containers_100_removed_s"),
    "blob": ("snapshot_time_over_azurite", "blob_put_time_over_azurite", "blob_get_time_over_azurite",
             "blob_put_mb_per_s", "blob_get_mb_per_s")}
BEGAN = time.monotonic()


def progress(text):
    print(f"malachite: [{time.monotonic() - BEGAN:4.0f} s] {text}", file=sys.stderr, flush=True)


def options():
    parser = argparse.ArgumentParser(prog="malachite bench", allow_abbrev=False)
    parser.add_argument("--json", metavar="FILE", help="write the figures as one flat object")
    parser.add_argument("--check", action="store_true", help="fail when a figure is outside of scripts/bench-ranges.json")
    parser.add_argument("--samples", type=int, default=7, metavar="N", help="how often each is measured (default: 7)")
    parser.add_argument("--only", action="append", choices=PARTS, help="measure less")
    parser.add_argument("--blob-mib", type=int, default=1024, metavar="N",
                        help="size of the blob, the snapshot in proportion; the ranges are for the default (default: 1024)")
    parser.add_argument("--image", default="", help=argparse.SUPPRESS)
    parser.add_argument("--sdk-python", default="", help=argparse.SUPPRESS)
    parser.add_argument("--sdk-v2-python", default="", help=argparse.SUPPRESS)
    parser.add_argument("--azurite", default="", help=argparse.SUPPRESS)
    parser.add_argument("--optimizing", default="", help=argparse.SUPPRESS)
    parser.add_argument("server", nargs="+", help=argparse.SUPPRESS)
    return parser.parse_args()


def measure(wanted, report):
    """What cannot be measured is reported and keeps nobody else from it."""
    command, count = wanted.server, wanted.samples
    calls = {
        "starts": lambda: starts.measure(command, count, progress),
        "jobs": lambda: jobs.measure(command, wanted.image, count, progress),
        "snippet": lambda: snippet.measure(command, wanted.sdk_python, count, progress),
        "command": lambda: command_job.measure(command, wanted.sdk_v2_python, count, progress),
        "puts": lambda: puts.measure(command, count, progress),
        "scale": lambda: scale.measure(command, wanted.optimizing.split(), count, progress),
        "containers": lambda: containers.measure(command, wanted.image, count, progress),
        "blob": lambda: blobs.measure(command, wanted.sdk_v2_python, wanted.azurite, wanted.blob_mib, count, progress)}
    for part in wanted.only or PARTS:
        try:
            report.add(calls[part]())
        except Trouble as trouble:
            progress(f"{part} NOT MEASURED: {trouble}")
            report.left_out.update(dict.fromkeys(PARTS[part], str(trouble).splitlines()[0]))
    report.ratio("warm_job_ratio", "warm_job_ms", "docker_run_ms")
    report.ratio("warm_start_ratio", "warm_job_started_ms", "docker_run_ms")
    report.ratio("cold_job_ratio", "cold_job_ms", "docker_run_ms")
    for kind in ("snapshot", "blob_put", "blob_get"):
        report.ratio(f"{kind}_time_over_azurite", f"{kind}_s", f"{kind}_s_azurite")
    report.ratio("job_cost_ratio_10k_to_1k", "job_cost_10k_us", "job_cost_1k_us")
    report.ratio("job_cost_ratio_100k_to_1k", "job_cost_100k_us", "job_cost_1k_us")


def load():
    return " ".join(f"{each:.1f}" for each in os.getloadavg())


def main():
    wanted = options()
    # Whatever ends us, the servers are stopped on the way out.
    signal.signal(signal.SIGTERM, lambda *any: sys.exit(143))
    report = Report()
    before = load()
    try:
        measure(wanted, report)
    except KeyboardInterrupt:
        sys.exit(130)
    print("\n".join(report.table()))
    print(f"{os.cpu_count()} CPUs; load average before {before}, after {load()}")
    complaints = list(report.complaints())
    for complaint in complaints:
        print(complaint)
    if wanted.json:
        report.write(wanted.json)
    sys.exit(1 if wanted.check and complaints else 0)


if __name__ == "__main__":
    main()
