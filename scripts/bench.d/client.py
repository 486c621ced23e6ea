"""The public HTTP API as an SDK uses it: https with the emulator's CA, a token, Azure's paths."""

import http.client
import json
import ssl
import uuid
from urllib.parse import quote, urlsplit

from server import Trouble

VERSION = "?api-version=2024-04-01"
ML = "Microsoft.MachineLearningServices"
CLUSTER = {
    "location": "koreacentral",
    "properties": {"computeType": "AmlCompute", "properties": {
        "vmSize": "STANDARD_DS2_V2",
        "scaleSettings": {"minNodeCount": 0, "maxNodeCount": 1, "nodeIdleTimeBeforeScaleDown": "PT120S"}}}}


class Client:
    """One connection that is kept; not for two threads."""

    def __init__(self, server):
        self.variables = server.control("env?shell=json")
        self.subscription = self.variables["AZURE_SUBSCRIPTION_ID"]
        self.group = f"/subscriptions/{self.subscription}/resourceGroups/bench"
        self.address = urlsplit(self.variables["ARM_CLOUD_METADATA_URL"])
        self.tls = ssl.create_default_context(cadata=server.control("ca"))
        self.token = self._token()
        self._connection = self.connect()

    def fresh(self):
        """Connects anew: a server closes a connection that was not used for a while."""
        self._connection.close()
        self._connection = self.connect()

    def connect(self):
        return http.client.HTTPSConnection(self.address.hostname, self.address.port, context=self.tls, timeout=60)

    def _token(self):
        endpoint = urlsplit(self.variables["IDENTITY_ENDPOINT"])
        connection = http.client.HTTPConnection(endpoint.hostname, endpoint.port, timeout=60)
        resource = quote(f"{self.address.scheme}://{self.address.netloc}", safe="")
        connection.request(
            "GET", f"{endpoint.path}?api-version=2019-08-01&resource={resource}",
            headers={"X-IDENTITY-HEADER": self.variables["IDENTITY_HEADER"]})
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer["access_token"]

    def __call__(self, method, path, body=None):
        return self._send(
            method, path, None if body is None else json.dumps(body).encode(),
            {"Authorization": "Bearer " + self.token, "Content-Type": "application/json"})

    def _send(self, method, path, body, headers):
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise Trouble(f"{method} {path} answered {answer.status}: {text.decode(errors='replace')}")
        return json.loads(text) if text else {}

    def make_workspace(self, name):
        """Returns its path."""
        self("PUT", self.group + VERSION, {"location": "koreacentral"})
        workspace = f"{self.group}/providers/{ML}/workspaces/{name}"
        self("PUT", workspace + VERSION, {"location": "koreacentral", "properties": {"friendlyName": name}})
        return workspace

    def make_snapshot(self, workspace, name, text):
        """A snapshot of one file; returns its id."""
        content = f"/content/v2.0{workspace}/snapshots/"
        (place,) = self("POST", content + "getblob", {"FileNames": [name]})["fileNodes"]
        url = urlsplit(place["blobUri"])
        self._send("PUT", f"{url.path}?{url.query}", text.encode(), {"x-ms-blob-type": "BlockBlob"})
        snapshot = str(uuid.uuid4())
        self("POST", content + snapshot, {
            "DirTreeNode": {"name": "", "type": "Directory", "children": {
                name: {"name": name, "type": "File", "hash": "bench"}}},
            "FileRevisionList": {"FileNodes": [
                {"FullName": name, "BlobUri": place["blobUri"], "FileSize": len(text)}]}})
        return snapshot
