"""What is sent of a source directory (contracts: sdk-v1 §5.2; limits and ignore files: service-facts §3)."""

from pathlib import Path

import pytest
from azureml.core import Experiment
from azureml.exceptions import AzureMLException

from support.runs import ended, error_of, log_of, names_in


@pytest.fixture
def take(ws, tmp_path):
    """Takes a snapshot of a folder, and gives a way to look into it."""
    def take(folder):
        # A run has one snapshot; without the argument the SDK would take it of the current directory.
        run = Experiment(ws, "snapshots").start_logging(snapshot_directory=None)
        number = run.take_snapshot(folder)
        run.complete()
        return lambda: names_in(run.restore_snapshot(number, path=str(tmp_path)))
    return take


def test_only_what_changed_is_uploaded(take, project, uploads):
    folder = project({"first": "1", "second": "2"})
    take(folder)
    uploads.clear()
    project({"second": "2, changed", "third": "3"})
    take(folder)
    assert sorted(uploads) == ["second", "third"]
    uploads.clear()
    take(folder)
    assert uploads == []


def test_what_was_not_uploaded_again_is_there(take, project):
    folder = project({"same": "as ever", "other": "1", "gone": "by then"})
    take(folder)
    project({"other": "2"})
    Path(folder, "gone").unlink()
    kept = take(folder)()
    assert kept["same"] == b"as ever" and kept["other"] == b"2" and "gone" not in kept


@pytest.mark.parametrize("rules, kept", [
    ({".gitignore": "*.csv\n"}, {"train.py", "notes.md"}),
    ({".amlignore": "*.md\n"}, {"train.py", "data.csv"}),
    # Only one of the two is read, and .amlignore wins.
    ({".gitignore": "*.csv\n", ".amlignore": "*.md\n"}, {"train.py", "data.csv"}),
    ({".amlignore": "*\n!train.py\n"}, {"train.py"}),
], ids=["gitignore", "amlignore", "both", "negated"])
def test_ignore_files_are_obeyed(take, tmp_path, rules, kept):
    folder = tmp_path / "source"
    folder.mkdir()
    for name, text in {"train.py": "", "data.csv": "", "notes.md": "", **rules}.items():
        (folder / name).write_text(text)
    found = take(str(folder))()
    assert {name for name in found if name not in (".gitignore", ".amlignore")} == kept


def test_names_with_blanks_and_letters_of_the_world_arrive(submit, project):
    run = submit(project({"train.py": "print(open('자료/ü b+c%20.txt').read())", "자료/ü b+c%20.txt": "angekommen"}),
                 "train.py")
    assert ended(run) == "Completed", error_of(run)
    assert "angekommen" in log_of(run)


@pytest.mark.all
def test_two_thousand_files_go_and_one_more_does_not(submit, project, tmp_path):
    folder = project({"train.py": "import os; print(len(os.listdir('many')), 'files')"})
    (tmp_path / "project" / "many").mkdir()
    for number in range(1998):  # with train.py and hold.py 2 000
        (tmp_path / "project" / "many" / str(number)).write_text(str(number))
    run = submit(folder, "train.py")
    assert ended(run) == "Completed", error_of(run)
    assert "1998 files" in log_of(run)
    # The limit counts what is added or changed against the snapshot before, so all of them change.
    for number in range(1999):
        (tmp_path / "project" / "many" / str(number)).write_text(f"another {number}")
    for name in ("train.py", "hold.py"):
        (tmp_path / "project" / name).write_text("pass")
    with pytest.raises(AzureMLException, match="file limit of 2000"):
        submit(folder, "train.py")


@pytest.mark.all
def test_three_hundred_megabytes_are_the_limit(submit, project, tmp_path):
    folder = project({"train.py": "import os; print(os.path.getsize('big'), 'bytes')"})
    with open(tmp_path / "project" / "big", "wb") as big:
        big.truncate(290 * 1024 * 1024)
    run = submit(folder, "train.py")
    assert ended(run, deadline=180) == "Completed", error_of(run)
    assert f"{290 * 1024 * 1024} bytes" in log_of(run)
    with open(tmp_path / "project" / "big", "wb") as big:
        big.truncate(301 * 1024 * 1024)
    with pytest.raises(AzureMLException, match="exceeds the limit of 300"):
        submit(folder, "train.py")
