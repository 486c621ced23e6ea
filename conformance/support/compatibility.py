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
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
