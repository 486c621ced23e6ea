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
    "not yet": "the SDK has it; the emulator refuses it with a reason",
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

Seen with azureml-dataset-runtime 1.61 (azureml-dataprep 5.4.5) on Python 3.9. Its native engine asks the emulator for the datastore and
lists and reads the blobs behind it.

| call | |
|---|---|
| `Dataset.File.from_files((datastore, "folder/**"))`, with and without `validate` | works |
| `FileDataset.to_path()`, `FileDataset.download(folder)` | works |
| `FileDataset.mount(folder)` | gives a context; to start one needs FUSE on the machine, not tried |
| `Dataset.Tabular.from_delimited_files(…)` | works as far as the definition; `to_pandas_dataframe()` needs pandas, not tried |
| `dataset.register(…)`, `Dataset.get_by_name(…)` | refused: the emulator keeps no datasets of the v1 SDK; register data with the v2 SDK |
| `ws.datasets` | empty |
| `dataset.as_named_input(…)` in a run | not driven; `data` of a run configuration is refused, because a v1 run is brought no data |
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
    return "\n".join(lines) + "\n" + DATASETS


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
