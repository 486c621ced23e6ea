"""Run by the SDK v2's Python: the same uploads and downloads with Azure's own clients to several accounts in turns.

What it is to do comes as JSON on stdin; it prints what timed() says of each step, by account and step.
"""

import json
import os
import sys
import time
import uuid
from pathlib import Path

from azure.ai.ml._artifacts._blob_storage_helper import BlobStorageClient
from azure.storage.blob import BlobServiceClient

PIECE = 1024 * 1024


class Sink:
    """Takes what is downloaded and drops it: the disk below the client is not what is measured."""

    def __init__(self):
        self.size = 0

    def write(self, data):
        self.size += len(data)
        return len(data)

    def seekable(self):
        return True

    def seek(self, position, whence=0):
        return position

    def tell(self):
        return 0


def make_file(path, size):
    with open(path, "wb") as file:
        for _ in range(size // PIECE):
            file.write(os.urandom(PIECE))


def make_tree(folder, files, size):
    """As many files as that, in folders of a hundred."""
    for number in range(files):
        place = folder / f"part-{number // 100:02}" / f"file-{number}.bin"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(os.urandom(size // files))


def timed(action):
    """Seconds that it took, and seconds of a processor that this client took of them."""
    begin, busy = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - begin, time.process_time() - busy


class Account:

    def __init__(self, url, name, key):
        self.url = url
        self.credential = {"account_name": name, "account_key": key}
        self.service = BlobServiceClient(url, credential=self.credential)
        self.container = self.service.create_container(f"bench-{uuid.uuid4().hex[:8]}")

    def put(self, path):
        with open(path, "rb") as file:
            self.container.upload_blob("large", file, overwrite=True, max_concurrency=4)

    def get(self, size):
        sink = Sink()
        self.container.download_blob("large", max_concurrency=4).readinto(sink)
        assert sink.size == size, sink.size

    def snapshot(self, folder):
        """As the SDK uploads the code of a job."""
        helper = BlobStorageClient(self.credential, self.url, self.container.container_name)
        helper.upload(str(folder), "bench", "1", asset_hash=uuid.uuid4().hex)


def main():
    task = json.load(sys.stdin)
    scratch = Path(task["scratch"])
    large = scratch / "large.bin"
    make_file(large, task["large"])
    tree = scratch / "tree"
    make_tree(tree, task["files"], task["tree"])
    accounts = {name: Account(**given) for name, given in task["accounts"].items()}
    seconds = {name: {"put": [], "get": [], "snapshot": []} for name in accounts}
    size = large.stat().st_size
    for turn in range(task["rounds"]):
        # Who was first is second next time: whatever the machine does meanwhile should meet both.
        for name in sorted(accounts, reverse=turn % 2 == 1):
            account, taken = accounts[name], seconds[name]
            taken["put"].append(timed(lambda: account.put(large)))
            taken["get"].append(timed(lambda: account.get(size)))
            taken["snapshot"].append(timed(lambda: account.snapshot(tree)))
    print("\n" + json.dumps(seconds))


main()
