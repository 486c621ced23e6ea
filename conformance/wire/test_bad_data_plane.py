"""Mistakes and malice on the paths of snapshots, runs, artifacts, metrics and blobs (contracts: sdk-v1 §5, §9)."""

import base64
import json
import uuid

import pytest

from support.refusal import check_refusal
from support.wire import everything

pytestmark = pytest.mark.usefixtures("nothing_left")


def test_the_error_has_the_shape_that_the_sdk_can_print(wire):
    path = f"/history/v1.0{wire.workspace}/runs/nowhere"
    answer = wire("GET", path, version=None)
    check_refusal(answer, path, 404)
    body = answer.json()
    assert body["error"]["code"] == "UserError" and body["error"]["innerError"]["code"]
    assert {"correlation", "environment", "location", "time"} <= set(body)


@pytest.mark.parametrize("method, path, body, status", [
    ("POST", "/adfs/oauth2/token", "grant_type=%zz", 400),
    ("POST", "/adfs/oauth2/v2.0/token", "grant_type=password&username=%ff&password=p&scope=x", 400),
    ("GET", "/msi/token?resource=%ff%fe", None, 400),
    ("GET", '/_emulator/clock?a="b"', None, 200),
], ids=["form", "letters", "query", "quote"])
def test_a_parameter_that_cannot_be_read_is_no_failure_of_ours(wire, method, path, body, status):
    form = {"Content-Type": "application/x-www-form-urlencoded", "Metadata": "true"}
    answer = wire(method, path, version=None, data=body, headers=form)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("expires, status", [(4102444800.5, 404), (10 ** 20, 404), (1e300, 404), (1.5, 401)])
def test_whenever_a_token_ends_it_is_looked_at(wire, expires, status):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    token = f"{part({'alg': 'none'})}.{part({'oid': 'me', 'exp': expires})}.x"
    path = f"{wire.workspace}/computes/nowhere"
    check_refusal(wire("GET", path, headers={"Authorization": f"Bearer {token}"}), path, status)


# Names inside a snapshot, as a hostile or careless client sends them.
HOSTILE = {
    "parent": "../../etc/passwd",
    "parent inside": "a/../../b",
    "only parent": "..",
    "absolute": "/etc/passwd",
    "Windows": "C:\\Windows\\win.ini",
    "backslashes": "..\\..\\b",
    "NUL": "a\x00b",
    "empty": "",
    "dot": ".",
    "empty part": "a//b",
    "line break": "a\nb",
    "endless": "x" * 5000,
    "deep": "/".join(["d"] * 2000),
    "a number": 7,
    "nothing": None,
    "an object": {},
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_blob_is_handed_out_for_a_hostile_name(wire, name):
    path = f"/content/v2.0{wire.workspace}/snapshots/getblob"
    check_refusal(wire("POST", path, version=None, json={"FileNames": ["good.py", name]}), path, 400)


@pytest.mark.parametrize("body", [{}, {"FileNames": "train.py"}, {"FileNames": None}, {"FileNames": ["x.py"] * 20001}],
                         ids=["none", "kind", "null", "too many"])
def test_no_blob_is_handed_out_without_a_list(wire, body):
    path = f"/content/v2.0{wire.workspace}/snapshots/getblob"
    check_refusal(wire("POST", path, version=None, json=body), path, (400, 413))


def upload(wire, *names):
    """Blobs for these names, filled, as the revisions that a snapshot wants."""
    path = f"/content/v2.0{wire.workspace}/snapshots/getblob"
    nodes = wire("POST", path, version=None, json={"FileNames": list(names)}).json()["fileNodes"]
    for node in nodes:
        put = wire.session.put(node["blobUri"], data=b"pass", headers={"x-ms-blob-type": "BlockBlob", "Authorization": None})
        assert put.status_code == 201, put.text
    return [{"FullName": node["fullName"], "BlobUri": node["blobUri"], "FileSize": 4} for node in nodes]


def tree(*names):
    return {"name": "", "type": "Directory", "hash": "h", "timestamp": "2026-01-01T00:00:00+00:00", "children": {
        name: {"name": name, "type": "File", "hash": "h", "timestamp": "2026-01-01T00:00:00+00:00", "children": {}}
        for name in names}}


def snapshot(revisions, *names, parent="00000000-0000-0000-0000-000000000000"):
    return {"ParentSnapshotId": parent, "Tags": None, "Properties": {}, "DirTreeNode": tree(*names),
            "FileRevisionList": {"FileNodes": revisions}}


def refused(wire, body, number=None):
    """The snapshot is refused, and then there is none: its id is not known."""
    number = number or str(uuid.uuid4())
    path = f"/content/v2.0{wire.workspace}/snapshots/{number}"
    check_refusal(wire("POST", path, version=None, json=body), path, (400, 404, 413))
    gone = f"{path}/zip"
    check_refusal(wire("POST", gone, version=None), gone, (400, 404))


def test_a_good_snapshot_is_taken_so_that_the_others_prove_something(wire):
    path = f"/content/v2.0{wire.workspace}/snapshots/{uuid.uuid4()}"
    answer = wire("POST", path, version=None, json=snapshot(upload(wire, "train.py"), "train.py"))
    assert answer.status_code == 200, answer.text
    assert wire("POST", f"{path}/zip", version=None).json()["zipSasUri"].startswith("https://")


@pytest.mark.parametrize("name", [name for name in HOSTILE.values() if isinstance(name, str)],
                         ids=[key for key, name in HOSTILE.items() if isinstance(name, str)])
def test_a_snapshot_with_a_hostile_name_is_refused_whole(wire, name):
    (good,) = upload(wire, "train.py")
    hostile = dict(good, FullName=name)
    refused(wire, snapshot([good, hostile], "train.py", name))
    # Only in the tree, or only in the list of files.
    refused(wire, snapshot([good], "train.py", name))


@pytest.mark.parametrize("uri", ["file:///etc/passwd", "http://127.0.0.1:1/x", "https://example.com/c/b?sig=x", "", "x", 7, None],
                         ids=["file", "loopback", "elsewhere", "empty", "no uri", "kind", "null"])
def test_a_snapshot_whose_content_is_not_ours_is_refused(wire, uri):
    refused(wire, snapshot([{"FullName": "train.py", "BlobUri": uri, "FileSize": 4}], "train.py"))


def test_a_snapshot_with_the_blob_of_another_workspace_is_refused(wire):
    other = f"{wire.group}/providers/Microsoft.MachineLearningServices/workspaces/elsewhere"
    (file,) = upload(wire, "train.py")
    uri = file["BlobUri"].replace("train.py", "../../../config")
    refused(wire, snapshot([dict(file, BlobUri=uri)], "train.py"))
    check_refusal(wire("GET", other), other, 404)


def test_a_snapshot_whose_file_was_not_uploaded_is_refused(wire):
    path = f"/content/v2.0{wire.workspace}/snapshots/getblob"
    (node,) = wire("POST", path, version=None, json={"FileNames": ["never.py"]}).json()["fileNodes"]
    refused(wire, snapshot([{"FullName": "never.py", "BlobUri": node["blobUri"], "FileSize": 4}], "never.py"))


def test_a_snapshot_of_an_unknown_parent_is_refused(wire):
    # The v1 SDK then forgets its cache and sends everything once more.
    refused(wire, snapshot(upload(wire, "train.py"), "train.py", "other.py", parent=str(uuid.uuid4())))


def test_a_snapshot_of_too_many_files_is_refused(wire):
    (file,) = upload(wire, "train.py")
    names = [f"f{number}" for number in range(20001)]
    refused(wire, snapshot([dict(file, FullName=name) for name in names], *names))


@pytest.mark.parametrize("body", [{}, {"DirTreeNode": None}, {"DirTreeNode": [], "FileRevisionList": {}},
                                  {"DirTreeNode": {"children": []}, "FileRevisionList": {"FileNodes": {}}}],
                         ids=["empty", "null", "kinds", "more kinds"])
def test_a_body_that_is_no_snapshot(wire, body):
    refused(wire, body)


@pytest.mark.parametrize("number", ["not-a-guid", "..%2F..%2Fx", "%00", "x" * 3000])
def test_a_snapshot_id_that_is_none(wire, number):
    path = f"/content/v2.0{wire.workspace}/snapshots/{number}"
    check_refusal(wire("POST", path, version=None, json=snapshot(upload(wire, "train.py"), "train.py")), path, (400, 404, 414))


def test_a_tree_deeper_than_any_folder_is_refused(wire):
    node = tree("x.py")
    for _ in range(150):
        node = {"name": "d", "type": "Directory", "hash": "h", "timestamp": "2026-01-01T00:00:00+00:00", "children": {"d": node}}
    body = snapshot(upload(wire, "x.py"))
    body["DirTreeNode"] = node
    refused(wire, body)


# Submitting.
def submission(**more):
    body = {"TargetDetails": None, "SnapshotId": str(uuid.uuid4()), "Configuration": {
        "script": "train.py", "target": "steady", "framework": "Python", "nodeCount": 1,
        "environment": {"name": "e", "python": {"userManagedDependencies": True, "interpreterPath": "python"}}}}
    body["Configuration"].update(more)
    return body


SUBMISSIONS = {
    "nothing": {},
    "no configuration": {"SnapshotId": str(uuid.uuid4())},
    "a configuration of a wrong kind": {"SnapshotId": str(uuid.uuid4()), "Configuration": "train.py"},
    "an unknown snapshot": submission(),
    "no snapshot": {"Configuration": submission()["Configuration"]},
    "a snapshot id of a wrong kind": dict(submission(), SnapshotId=7),
    "an unknown target": submission(target="nowhere"),
    "a target of a wrong kind": submission(target=[]),
    "neither script nor command": submission(script=None),
    "arguments of a wrong kind": submission(arguments="--x"),
    "a text for a number": submission(nodeCount="many"),
    "no nodes": submission(nodeCount=0),
    "fewer than no nodes": submission(nodeCount=-1),
    "a negative time": submission(maxRunDurationSeconds=-5),
    "a priority that no queue has": submission(priority=1001),
    "variables of a wrong kind": submission(environmentVariables=["A"]),
    "an environment of a wrong kind": submission(environment="plain"),
    "a cluster for the run without a size": submission(target="amlcompute"),
    "a cluster for the run of an unknown size": submission(target="AmlCompute", amlcompute={"vmSize": "STANDARD_TOASTER"}),
    "a cluster for the run that shall stay": submission(
        target="amlcompute", amlcompute={"vmSize": "STANDARD_D2_V2", "retainCluster": True}),
    "a container instance": submission(target="containerinstance"),
    "the client's own machine": submission(target="local"),
    "data that is not brought": submission(dataReferences={"d": {"dataStoreName": "workspaceblobstore"}}),
}


@pytest.fixture(scope="module")
def experiment(wire):
    """An experiment that is there before; a refused submission adds nothing to it."""
    path = f"/history/v1.0{wire.workspace}/experiments/refusals"
    assert wire("POST", path, version=None).status_code == 200
    return "refusals"


@pytest.mark.parametrize("body", SUBMISSIONS.values(), ids=SUBMISSIONS.keys())
def test_a_submission_that_cannot_be_leaves_no_run(wire, experiment, body):
    number = f"run_{uuid.uuid4().hex}"
    path = f"/execution/v1.0{wire.workspace}/experiments/{experiment}/snapshotrun?runId={number}"
    check_refusal(wire("POST", path, version=None, json=body), path, (400, 404))
    run = f"/history/v1.0{wire.workspace}/experiments/{experiment}/runs/{number}"
    check_refusal(wire("GET", run, version=None), run, 404)


def local(**more):
    return submission(**{"target": "local", **more})["Configuration"]


# What is sent to run on the client's own machine: the files of a form.
FORMS = {
    "no form": None,
    "no definition": {"files": ("aml_config.zip", b"")},
    "no JSON": {"files": ("definition.json", b"{")},
    "a list": {"files": ("definition.json", b"[]")},
    "more than a definition": {"files": ("definition.json", b" " * 1_100_000)},
    **{name: {"files": ("definition.json", json.dumps({"Configuration": configuration}))} for name, configuration in {
        "no configuration": None,
        "another target": local(target="steady"),
        "neither script nor command": local(script=None),
        "two nodes": local(nodeCount=2),
        "a hostile interpreter": local(environment={"python": {
            "userManagedDependencies": True, "interpreterPath": "python'; touch /tmp/x; '"}}),
        "a package that pip has not": local(environment={"python": {"condaDependencies": {
            "dependencies": ["no-such-package-of-conda"]}}}),
    }.items()},
}


@pytest.mark.parametrize("files", FORMS.values(), ids=FORMS.keys())
def test_a_local_run_that_cannot_be_leaves_no_run(wire, experiment, files):
    number = f"run_{uuid.uuid4().hex}"
    path = f"/execution/v1.0{wire.workspace}/experiments/{experiment}/localrun?runId={number}"
    check_refusal(wire("POST", path, version=None, files=files), path, (400, 413))
    run = f"/history/v1.0{wire.workspace}/experiments/{experiment}/runs/{number}"
    check_refusal(wire("GET", run, version=None), run, 404)


@pytest.mark.parametrize("number", ["", "..%2F..%2Fx", "a%2Fb", "a b", "%00", "x" * 300, "a%0Ab"])
def test_a_run_id_that_is_none(wire, experiment, number):
    path = f"/execution/v1.0{wire.workspace}/experiments/{experiment}/snapshotrun?runId={number.replace(' ', '%20')}"
    check_refusal(wire("POST", path, version=None, json=submission()), path, 400)


@pytest.mark.parametrize("method, path", [
    ("GET", "/history/v1.0{ws}/runs/nowhere"),
    ("GET", "/history/v1.0{ws}/runs/nowhere/details"),
    ("GET", "/history/v1.0{ws}/experiments/nowhere"),
    ("GET", "/history/v1.0{ws}/experimentids/" + "0" * 8 + "-0000-0000-0000-000000000000"),
    ("GET", "/history/v1.0{ws}/experiments/refusals/runs/nowhere"),
    ("GET", "/history/v1.0{ws}/experiments/refusals/runs/nowhere/children"),
    ("POST", "/history/v1.0{ws}/experiments/refusals/runs/nowhere/events"),
    ("DELETE", "/history/v1.0{ws}/experiments/refusals/runs/nowhere/tags"),
    ("POST", "/metric/v2.0{ws}/runs/nowhere/full"),
    ("GET", "/artifact/v2.0{ws}/artifacts/contentinfo/ExperimentRun/dcid.nowhere/outputs/x"),
    ("GET", "/environment/v1.0{ws}/environments/nowhere"),
    ("GET", "/environment/v1.0{ws}/environments/nowhere/versions/9"),
    ("GET", "/datastore/v1.0{ws}/datastores/nowhere"),
    ("GET", "/history/v9.9{ws}/runs/x"),
    ("GET", "/history/v1.0{ws}x/runs/x"),
    ("GET", "/rp/workspaces{ws}/computes/nowhere"),
])
def test_what_is_not_there(wire, experiment, method, path):
    path = path.format(ws=wire.workspace)
    body = {"metricName": "x"} if "full" in path else {"name": "Microsoft.MachineLearning.Run.Completed"} if "events" in path \
        else ["x"] if method == "DELETE" else None
    check_refusal(wire(method, path, version=None, json=body), path, 404)


QUERIES = {"a body of a wrong kind": [], "a filter that is none": {"filter": "(((("}, "a filter of a wrong kind": {"filter": 7},
           "an unknown field": {"filter": "Toast eq 'x'"}, "an order that is none": {"orderby": "; drop table run"},
           "a negative top": {"top": -1}, "a text for top": {"top": "all"}, "a token that is none": {"continuationToken": "x"}}


@pytest.mark.parametrize("body", QUERIES.values(), ids=QUERIES.keys())
def test_a_query_that_cannot_be(wire, experiment, body):
    path = f"/history/v1.0{wire.workspace}/experiments/{experiment}/runs:query"
    check_refusal(wire("POST", path, version=None, json=body), path, 400)


METRICS = {
    "nothing": {}, "values of a wrong kind": {"values": "x"}, "a value of a wrong kind": {"values": ["x"]},
    "no name": {"values": [{"columns": {"a": "double"}, "value": [{"metricId": str(uuid.uuid4()), "data": {"a": 1}}]}]},
    "no data": {"values": [{"name": "a", "columns": {"a": "double"}, "value": [{"metricId": "x"}]}]},
    "a name beyond all": {"values": [{"name": "a" * 100_000, "columns": {}, "value": []}]},
}


@pytest.fixture(scope="module")
def run(wire, experiment):
    """An interactive run, to log to."""
    number = f"run_{uuid.uuid4().hex}"
    path = f"/history/v1.0{wire.workspace}/experiments/{experiment}/runs/{number}"
    assert wire("PATCH", path, version=None, json={"runId": number, "status": "NotStarted"}).status_code == 200
    return number


@pytest.fixture(scope="module")
def before(wire, experiment, run):
    return everything(wire)


@pytest.mark.parametrize("body", METRICS.values(), ids=METRICS.keys())
def test_metrics_that_cannot_be_are_refused_or_reported(wire, run, body):
    path = f"/metric/v2.0{wire.workspace}/runs/{run}/batch"
    answer = wire("POST", path, version=None, json=dict(body, reportErrors=True))
    if answer.status_code == 200:
        assert answer.json()["errors"], "what was not taken is told"
    else:
        check_refusal(answer, path, 400)
    known = wire("POST", f"/metric/v2.0{wire.workspace}/runs/{run}/list", version=None, json={}).json()["value"]
    assert known == []


@pytest.mark.parametrize("body", [{"tags": "x"}, {"tags": {"a": {}}}, {"properties": []}, {"status": "Toasted"},
                                  {"runId": "another"}, {"tags": {"a": "x" * 2_000_000}}],
                         ids=["tags", "a tag", "properties", "status", "id", "too long"])
def test_a_run_cannot_be_patched_with_nonsense(wire, experiment, run, body):
    path = f"/history/v1.0{wire.workspace}/experiments/{experiment}/runs/{run}"
    was = wire("GET", path, version=None).json()
    check_refusal(wire("PATCH", path, version=None, json=body), path, (400, 413))
    assert wire("GET", path, version=None).json() == was


@pytest.mark.parametrize("path", ["../../x", "/../etc/passwd", "a/../../../b", "a\x00b", "", "x" * 5000, 7],
                         ids=["parent", "absolute", "inside", "NUL", "empty", "endless", "kind"])
def test_no_artifact_can_be_put_outside_of_its_run(wire, run, path):
    where = f"/artifact/v2.0{wire.workspace}/artifacts/batch/metadata/ExperimentRun/dcid.{run}"
    answer = wire("POST", where, version=None, json={"paths": [{"path": path}]})
    if answer.status_code == 200:
        body = answer.json()
        assert body["errors"] and not body["artifactContentInformation"]
    else:
        check_refusal(answer, where, 400)
    assert wire("GET", f"/artifact/v2.0{wire.workspace}/artifacts/ExperimentRun/dcid.{run}", version=None).json()["value"] == []


@pytest.mark.parametrize("path", ["../../../../etc/passwd", "%2e%2e/%2e%2e/%2e%2e/etc/passwd", "..%2f..%2f..%2fetc%2fpasswd",
                                  "..%5c..%5cx", "%252e%252e/x", "a%00b"])
def test_no_artifact_can_be_read_outside_of_its_run(wire, run, path):
    where = f"/artifact/v2.0{wire.workspace}/artifacts/contentinfo/ExperimentRun/dcid.{run}/{path}"
    check_refusal(wire("GET", where, version=None), where, (400, 404))


# Blobs.
@pytest.fixture(scope="module")
def blob(wire):
    """A blob that is there, by its URL with a signature."""
    (file,) = upload(wire, "blob.txt")
    return file["BlobUri"]


def ask(wire, url, method="GET", **more):
    """With no token, as SDKs ask for blobs; the answer is XML where it is an error."""
    return wire.session.request(method, url, headers={"Authorization": None, **more.pop("headers", {})}, timeout=30, **more)


def test_a_blob_is_read_with_its_signature(wire, blob):
    assert ask(wire, blob).content == b"pass"


@pytest.mark.parametrize("spoil", [
    lambda url: url.split("?")[0],
    lambda url: url.split("?")[0] + "?sig=x",
    lambda url: url.replace("sig=", "sig=A"),
    lambda url: url.replace("blob.txt", "other.txt"),
], ids=["none", "any", "changed", "another blob"])
def test_a_blob_is_not_read_without_its_signature(wire, blob, spoil):
    answer = ask(wire, spoil(blob))
    # Without any signature nothing tells that a blob is meant, and there is no such route.
    assert answer.status_code in (401, 403, 404), f"{answer.status_code} {answer.text}"
    assert b"pass" not in answer.content
    if answer.status_code != 404:
        assert answer.headers["x-ms-error-code"] and b"<Error>" in answer.content


@pytest.mark.parametrize("more", [
    {"headers": {"x-ms-blob-type": "PageBlob"}},
    {"headers": {"x-ms-blob-type": "BlockBlob"}, "params": {"comp": "toast"}},
    {"headers": {"x-ms-blob-type": "BlockBlob"}, "params": {"comp": "block"}},
    {"headers": {"x-ms-blob-type": "BlockBlob"}, "params": {"comp": "blocklist"}, "data": b"<BlockList><Latest>none</Latest></BlockList>"},
    {"headers": {"x-ms-blob-type": "BlockBlob"}, "params": {"comp": "blocklist"}, "data": b"<not xml"},
    {"headers": {"x-ms-blob-type": "BlockBlob"}, "params": {"comp": "blocklist"}, "data":
        b'<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/passwd">]><BlockList><Latest>&x;</Latest></BlockList>'},
], ids=["page blob", "unknown part", "no block id", "unknown block", "not XML", "entities"])
def test_a_blob_is_not_written_by_a_broken_request(wire, blob, more):
    answer = ask(wire, blob, "PUT", **more)
    assert answer.status_code in (400, 409, 501) and answer.headers["x-ms-error-code"], f"{answer.status_code} {answer.text}"
    assert "root:" not in answer.text
    assert ask(wire, blob).content == b"pass"


def test_a_range_beyond_the_end_is_not_a_failure_of_ours(wire, blob):
    answer = ask(wire, blob, headers={"x-ms-range": "bytes=99-100", "x-ms-version": "2021-08-06"})
    assert answer.status_code == 416 and answer.headers["x-ms-error-code"] == "InvalidRange"


@pytest.mark.parametrize("value", ["bytes=x-y", "bytes=5-1", "lines=1-2", "bytes=-"])
def test_a_range_that_is_none_is_ignored_or_refused(wire, blob, value):
    answer = ask(wire, blob, headers={"x-ms-range": value})
    assert answer.status_code in (200, 400, 416)


def test_names_in_errors_are_not_markup(wire, run):
    """A name comes back in a message: as JSON, never as a page that a browser runs."""
    path = f"/history/v1.0{wire.workspace}/runs/%3Cscript%3Ealert(1)%3C%2Fscript%3E"
    answer = wire("GET", path, version=None)
    assert answer.headers["Content-Type"].startswith("application/json") and answer.status_code in (400, 404)
    json.loads(answer.text)
