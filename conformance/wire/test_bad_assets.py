"""Mistakes and malice on the paths of assets, models, datastores and secrets (contracts: sdk-v2 §7, sdk-v1 §7-9)."""

import pytest

from support.refusal import check_refusal

pytestmark = pytest.mark.usefixtures("nothing_left")

FILE = "azureml://datastores/workspaceblobstore/paths/a.csv"
GOOD = {"data": {"dataType": "uri_file", "dataUri": FILE}, "models": {"modelUri": FILE},
        "components": {"componentSpec": {"type": "command", "name": "fit", "command": "echo"}}}
KINDS = list(GOOD)


def put(wire, kind, properties, name="odd", version="1"):
    path = f"{wire.workspace}/{kind}/{name}/versions/{version}"
    return wire("PUT", path, json={"properties": properties}), path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name,version", [
    ("sp%20ace", "1"), ("a" * 256, "1"), ("-dash", "1"), ("odd", "sp%20ace"), ("odd", "a" * 256), ("odd", "..."),
    ("ü", "1"), ("a:b", "1")])
def test_a_bad_name_is_refused(wire, kind, name, version):
    answer, path = put(wire, kind, GOOD[kind], name, version)
    check_refusal(answer, path, 400)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("more", [
    {"tags": ["a"]}, {"tags": "a"}, {"tags": {"a": {"b": 1}}}, {"properties": 7}, {"tags": {"k": "x" * 250_000}},
    {"description": "x" * 30_000}], ids=["list", "text", "nested", "number", "big", "long"])
def test_what_describes_it_must_be_of_a_size_and_form(wire, kind, more):
    answer, path = put(wire, kind, GOOD[kind] | more)
    check_refusal(answer, path, (400, 413))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", [{}, {"properties": None}, {"properties": []}, {"properties": {}}, "[]", "{", "7"],
                         ids=["none", "null", "list", "empty", "array", "cut", "number"])
def test_a_body_without_properties_is_refused(wire, kind, body):
    path = f"{wire.workspace}/{kind}/odd/versions/1"
    send = {"data": body} if isinstance(body, str) else {"json": body}
    check_refusal(wire("PUT", path, **send), path, 400)


@pytest.mark.parametrize("uri", [
    "", " ", None, 7, {}, "./local/file.csv", "/etc/passwd", "file:///etc/passwd", "C:\\data", "javascript:alert(1)",
    "azureml:", "azureml://", "azureml://datastores/", "azureml://datastores/a b/paths/c", "azureml://jobs/nobody/outputs/x",
    "azureml://jobs/../outputs/x", "runs:/nobody/model", "azureml://registries/r/data/d/versions/1",
    "https://", "azureml://datastores/d/paths/\n", "azureml://datastores/d/paths/" + "x" * 5000], ids=repr)
@pytest.mark.parametrize("kind,member", [("data", "dataUri"), ("models", "modelUri")])
def test_what_names_no_files_is_refused(wire, kind, member, uri):
    answer, path = put(wire, kind, GOOD[kind] | {member: uri})
    check_refusal(answer, path, 400)


def test_an_unknown_type_of_data_is_refused(wire):
    answer, path = put(wire, "data", GOOD["data"] | {"dataType": "table"})
    assert "uri_folder" in check_refusal(answer, path, 400)["message"]


@pytest.mark.parametrize("spec", [None, {}, [], "echo", "x" * 1_200_000], ids=["null", "empty", "list", "text", "big"])
def test_a_component_without_a_specification_is_refused(wire, spec):
    answer, path = put(wire, "components", {"componentSpec": spec})
    check_refusal(answer, path, (400, 413))


@pytest.mark.parametrize("query", [
    "listViewType=Some", "$top=0", "$top=-1", "$top=x", "$skip=-1", "$skip=x", "$orderBy=nothing%20desc",
    "$orderBy=a%20b%20c", "tags=" + ",".join("abc"[i % 3] for i in range(60)), "$skip=99999999999999"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_list_with_a_wrong_query_is_refused(wire, kind, query):
    path = f"{wire.workspace}/{kind}/odd/versions?{query}"
    check_refusal(wire("GET", path), path, 400)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_there_is_not_found(wire, kind):
    for path in (f"{wire.workspace}/{kind}/nowhere", f"{wire.workspace}/{kind}/nowhere/versions/1",
                 f"{wire.workspace}/{kind}/nowhere/versions/latest"):
        check_refusal(wire("GET", path), path, 404, "ResourceNotFound")
        if not path.endswith("latest"):
            assert wire("DELETE", path).status_code == 204
    assert wire("GET", f"{wire.workspace}/{kind}/nowhere/versions").json() == {"value": [], "nextLink": None}


@pytest.mark.parametrize("path,body", [
    ("/data/v1.0{ws}/dataversion/batchGetResolvedUris", {}),
    ("/data/v1.0{ws}/dataversion/batchGetResolvedUris", {"values": "x"}),
    ("/data/v1.0{ws}/dataversion/batchGetResolvedUris", {"values": [7]}),
    ("/data/v1.0{ws}/dataversion/batchGetResolvedUris", {"values": ["x"] * 1001}),
    ("/modelregistry/v1.0{ws}/models/batchGetResolvedUris", {"values": {}}),
    ("/dataset/v1.0{ws}/datasets", {"name": "iris"}),
    ("/modelmanagement/v1.0{ws}/assets", {}),
    ("/modelmanagement/v1.0{ws}/assets", {"name": "a", "artifacts": []}),
    ("/modelmanagement/v1.0{ws}/assets", {"name": "a", "artifacts": [{"prefix": "LocalUpload"}]}),
    ("/modelmanagement/v1.0{ws}/assets", {"name": "a", "artifacts": [{"prefix": "a/b/c"}] * 1001}),
    ("/modelmanagement/v1.0{ws}/models", {"name": "a"}),
    ("/modelmanagement/v1.0{ws}/models", {"name": "a", "url": "aml://asset/nothing"}),
    ("/modelmanagement/v1.0{ws}/models", {"name": "a", "url": "https://example.org"}),
    ("/credential/v2.0{ws}/secrets:getbatch", {"secrets": "x"})])
def test_a_wrong_request_to_the_data_plane_is_refused(wire, path, body):
    path = path.format(ws=wire.workspace)
    check_refusal(wire("POST", path, version=None, json=body), path, 400)


@pytest.mark.parametrize("body", [
    {}, {"name": "a"}, {"name": "a", "value": 7}, {"name": "a_b", "value": "x"}, {"name": "", "value": "x"},
    {"name": "a", "value": "x" * 30_000}, {"name": "a", "value": "x", "contentType": "t" * 300}],
    ids=["none", "no value", "number", "name", "no name", "big", "type"])
def test_a_wrong_secret_is_refused(wire, body):
    path = f"/credential/v2.0{wire.workspace}/secrets"
    check_refusal(wire("PUT", path, version=None, json=body), path, (400, 413))
    good = {"name": "good", "value": "x"}
    check_refusal(wire("PUT", path + ":putbatch", version=None, json={"secrets": [good, body]}), path, (400, 413))


@pytest.mark.parametrize("path", ["/modelmanagement/v1.0{ws}/assets?$skipToken=", "/credential/v2.0{ws}/secrets?continuationToken="])
@pytest.mark.parametrize("page", [2147483647, 1_000_001, -1])
def test_a_page_beyond_all_is_refused(wire, path, page):
    path = path.format(ws=wire.workspace) + str(page)
    check_refusal(wire("GET", path, version=None), path, 400)


@pytest.mark.parametrize("properties", [
    {}, {"datastoreType": "Tape"}, {"datastoreType": "AzureBlob"}, {"datastoreType": "AzureBlob", "accountName": "a"},
    {"datastoreType": "AzureFile", "accountName": "a"}, {"datastoreType": "AzureDataLakeGen1"},
    {"datastoreType": "AzureDataLakeGen2", "accountName": "a"}, {"datastoreType": "OneLake"}, {"datastoreType": 7}], ids=repr)
def test_a_datastore_that_lacks_something_is_refused(wire, properties):
    path = f"{wire.workspace}/datastores/odd"
    check_refusal(wire("PUT", path, json={"properties": properties}), path, 400)


def test_a_model_is_patched_by_what_is_a_patch_only(wire):
    path = f"/modelmanagement/v1.0{wire.workspace}/models/odd:1"
    for body in ("{}", "[7]", "[", "x" * 1_100_000):
        check_refusal(wire("PATCH", path, version=None, data=body), path, (400, 413))
    check_refusal(wire("PATCH", path, version=None, data="[]"), path, 404)
