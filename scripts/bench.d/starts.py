"""How long a start takes until health answers, and what memory the server holds then."""

from server import Scratch, Server


def measure(command, count, progress):
    """Each round starts on an empty folder, and then again on what that left."""
    samples = {"first_start_ready_s": [], "start_ready_s": [], "memory_after_start_mib": []}
    with Scratch() as folder:
        for number in range(count):
            progress(f"starts {number + 1}/{count}")
            data = folder / f"data{number}"
            with Server(command, data) as server:
                samples["first_start_ready_s"].append(server.ready_seconds)
            with Server(command, data) as server:
                samples["start_ready_s"].append(server.ready_seconds)
                samples["memory_after_start_mib"].append(server.resident_mib())
    return samples
