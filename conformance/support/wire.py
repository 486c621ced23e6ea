"""Plain requests with a token, for what no SDK sends."""

import requests

ML = "Microsoft.MachineLearningServices"


def resource_manager(env):
    """The endpoint that a shell is pointed at, from the metadata that it names, with no slash at the end."""
    metadata = requests.get(env["ARM_CLOUD_METADATA_URL"], verify=env["REQUESTS_CA_BUNDLE"], timeout=30).json()
    (endpoint,) = [cloud["resourceManager"] for cloud in metadata if cloud["name"] == env["AZUREML_CURRENT_CLOUD"]]
    return endpoint.rstrip("/")


class Wire:
    """One subscription's view: paths are absolute; a token and the CA are added."""

    def __init__(self, emulator, subscription):
        env = emulator.env(subscription)
        self.subscription = subscription
        self.base = resource_manager(env)
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = env["REQUESTS_CA_BUNDLE"]
        self.session.headers["Authorization"] = "Bearer " + self._token(env)
        self.group = f"/subscriptions/{subscription}/resourceGroups/research"
        self.workspace = f"{self.group}/providers/{ML}/workspaces/laboratory"

    def _token(self, env):
        answer = self.session.get(
            env["IDENTITY_ENDPOINT"], params={"api-version": "2019-08-01", "resource": self.base},
            headers={"X-IDENTITY-HEADER": env["IDENTITY_HEADER"], "Authorization": None}, timeout=30)
        answer.raise_for_status()
        return answer.json()["access_token"]

    def __call__(self, method, path, version="2024-04-01", **more):
        """Sends `path` exactly as it is written, so that what is odd in it arrives odd."""
        url = path if path.startswith("https://") else self.base + path
        if version is not None:
            url += ("&" if "?" in url else "?") + "api-version=" + version
        request = requests.Request(method, url, **more)
        prepared = self.session.prepare_request(request)
        prepared.url = url
        more_settings = self.session.merge_environment_settings(url, {}, None, None, None)
        return self.session.send(prepared, timeout=60, allow_redirects=False, **more_settings)


def cluster(**settings):
    """The body that makes a small cluster, with other settings where they are named."""
    inner = {
        "vmSize": "STANDARD_D2_V2", "vmPriority": "Dedicated",
        "scaleSettings": {"minNodeCount": 0, "maxNodeCount": 1, "nodeIdleTimeBeforeScaleDown": "PT120S"}}
    inner.update(settings)
    return {"location": "koreacentral", "properties": {"computeType": "AmlCompute", "properties": inner}}


LISTS = {
    "workspaces": lambda wire: ("GET", f"/subscriptions/{wire.subscription}/providers/"
                                       "Microsoft.MachineLearningServices/workspaces", None),
    "groups": lambda wire: ("GET", f"/subscriptions/{wire.subscription}/resourcegroups", None),
    "computes": lambda wire: ("GET", f"{wire.workspace}/computes", None),
    "jobs": lambda wire: ("GET", f"{wire.workspace}/jobs", None),
    "experiments": lambda wire: ("POST", f"/history/v1.0{wire.workspace}/experiments:query", {"viewType": "All"}),
    "environments": lambda wire: ("GET", f"/environment/v1.0{wire.workspace}/environments", None),
    "data": lambda wire: ("GET", f"{wire.workspace}/data?listViewType=All", None),
    "models": lambda wire: ("GET", f"{wire.workspace}/models?listViewType=All", None),
    "components": lambda wire: ("GET", f"{wire.workspace}/components?listViewType=All", None),
    "datastores": lambda wire: ("GET", f"{wire.workspace}/datastores", None),
    "secrets": lambda wire: ("GET", f"/credential/v2.0{wire.workspace}/secrets", None),
}


def everything(wire):
    """The names in every list; a request that failed must not have changed them."""
    found = {}
    for kind, make in LISTS.items():
        method, path, body = make(wire)
        answer = wire(method, path, json=body)
        assert answer.ok, f"{kind}: {answer.status_code} {answer.text}"
        found[kind] = sorted(str(each.get("name")) for each in answer.json()["value"])
    return found
