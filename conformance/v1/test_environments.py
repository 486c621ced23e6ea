"""What a job runs in: a Python that is there, an image by name, packages from pip; and the SDK inside the job (sdk-v1 §6)."""

import sys
import uuid

import pytest
from azureml.core import Environment
from azureml.core.conda_dependencies import CondaDependencies

from support.runs import ended, error_of, log_of

CONTEXT = """
from azureml.core import Run
run = Run.get_context(allow_offline=False)
for epoch in range(3):
    run.log("loss", 1.0 / (epoch + 1))
run.tag("trained", "yes")
open("weights.txt", "w").write("uploaded weights")
run.upload_file("outputs/weights.txt", "weights.txt")
with run.child_run(name="fold") as fold:
    fold.log("score", 5)
print("in experiment", run.experiment.name, "of", run.experiment.workspace.name)
"""


@pytest.mark.runtime("process")
def test_the_job_logs_uploads_and_tags_itself(submit, project):
    environment = Environment("with-the-sdk")
    environment.python.user_managed_dependencies = True
    environment.python.interpreter_path = sys.executable
    check(submit(project({"train.py": CONTEXT}), "train.py", environment=environment, experiment="inside"))


# All: the image is the one that compose's script runs in, which that suite makes.
@pytest.mark.all
@pytest.mark.runtime("docker")
def test_the_job_logs_uploads_and_tags_itself_in_an_image_that_has_the_sdk(submit, project):
    environment = Environment("image-with-the-sdk")
    environment.docker.base_image = "malachite/script:1"
    environment.python.user_managed_dependencies = True
    environment.python.interpreter_path = "/opt/sdk/bin/python3"
    check(submit(project({"train.py": CONTEXT}), "train.py", environment=environment, experiment="inside"))


# Long: installs all of azureml-core into an image, minutes on a slow line; not yet seen to end.
@pytest.mark.long
@pytest.mark.runtime("docker")
def test_the_job_logs_uploads_and_tags_itself_in_an_image_made_for_it(submit, project):
    check(submit(project({"train.py": CONTEXT}), "train.py", experiment="inside",
                      environment=pip_only("azureml-core==1.61.0.post4", "setuptools<81")), deadline=600)


def check(run, deadline=60):
    assert ended(run, deadline) == "Completed", error_of(run)
    assert run.get_metrics()["loss"] == [1.0, 1.0 / 2, 1.0 / 3]
    assert run.get_tags()["trained"] == "yes"
    assert run._download_artifact_contents_to_string("outputs/weights.txt") == "uploaded weights"
    (fold,) = run.get_children()
    assert fold.get_metrics() == {"score": 5} and fold.get_status() == "Completed"
    assert "in experiment inside of laboratory" in log_of(run)



LAST_WORDS = """
from azureml.core import Run
run = Run.get_context(allow_offline=False)
for epoch in range(3):
    run.log("loss", 1.0 / (epoch + 1))
"""


# The SDK sends metrics once a second; Azure ML flushes them at a script's end (azureml/history/_tracking.py, SendRunKillSignal).
@pytest.mark.runtime("process")
@pytest.mark.parametrize("failing", [False, True], ids=["ended", "failed"])
def test_what_a_script_logs_last_arrives(submit, project, failing):
    environment = Environment("with-the-sdk")
    environment.python.user_managed_dependencies = True
    environment.python.interpreter_path = sys.executable
    folder = project({"train.py": LAST_WORDS + ("raise ValueError('diverged')" if failing else "")})
    run = submit(folder, "train.py", environment=environment, experiment="inside")
    assert ended(run) == ("Failed" if failing else "Completed"), error_of(run)
    assert run.get_metrics() == {"loss": [1.0, 1.0 / 2, 1.0 / 3]}


@pytest.mark.runtime("process")
def test_what_a_command_logs_last_arrives(submit, project, environment):
    run = submit(project({"train.py": LAST_WORDS}), command=[sys.executable, "train.py"], environment=environment)
    assert ended(run) == "Completed", error_of(run)
    assert run.get_metrics() == {"loss": [1.0, 1.0 / 2, 1.0 / 3]}


@pytest.mark.runtime("docker")
def test_an_image_by_name(submit, project, environment):
    environment.docker.base_image = "malachite/busybox:1"
    run = submit(project(), command=["busybox", "|", "head", "-n", "1"], environment=environment)
    assert ended(run) == "Completed", error_of(run)
    assert "BusyBox" in log_of(run)


@pytest.mark.runtime("docker")
def test_an_image_is_built_from_a_dockerfile_once(submit, project, environment):
    environment.docker.base_image = None
    # The engine may have it from an earlier round, but for the name.
    environment.docker.base_dockerfile = f"""
FROM mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04
ENV COLOUR=green ROUND={uuid.uuid4()}
RUN echo carving && \\
    echo carved > /note
"""
    folder = project({"train.py": "import os; print(os.environ['COLOUR'], open('/note').read())"})
    run = submit(folder, "train.py", environment=environment)
    assert ended(run) == "Completed", error_of(run)
    assert "green carved" in log_of(run)
    assert "carving" in build_log(run)
    again = submit(folder, "train.py", environment=environment)
    assert ended(again) == "Completed" and "azureml-logs/20_image_build_log.txt" not in again.get_file_names()


@pytest.mark.runtime("docker")
def test_a_dockerfile_that_fails_gives_the_end_of_its_log(submit, project, environment):
    environment.docker.base_image = None
    environment.docker.base_dockerfile = "FROM mcr.microsoft.com/azureml/base\nRUN echo no such stone && exit 3"
    run = submit(project({"train.py": "print('never')"}), "train.py", environment=environment)
    assert ended(run) == "Failed"
    assert "non-zero code: 3" in error_of(run) and "no such stone" in error_of(run)
    environment.docker.base_dockerfile = "FROM mcr.microsoft.com/azureml/base\nADD http://127.0.0.1:1/secret /"
    refused = submit(project(), "train.py", environment=environment)
    assert ended(refused) == "Failed" and "this machine's network" in error_of(refused)


def build_log(run):
    return run.get_details_with_logs()["logFiles"]["azureml-logs/20_image_build_log.txt"]


@pytest.mark.runtime("process")
def test_an_image_is_ignored_with_a_word_where_there_is_no_docker(submit, project, environment, tmp_path):
    environment.docker.base_image = "imagined/image:1"
    run = submit(project({"train.py": "print('ran')"}), "train.py", environment=environment)
    assert ended(run) == "Completed", error_of(run)
    logs = [open(name).read() for name in run.get_all_logs(destination=str(tmp_path / "logs"))]
    assert any("imagined/image:1" in text for text in logs)


def test_a_registered_environment_is_used_by_name(ws, submit, project, environment):
    environment.environment_variables = {"FROM": "the registry"}
    registered = environment.register(ws)
    assert registered.version
    run = submit(project({"train.py": "import os; print('got', os.environ['FROM'])"}), "train.py",
                 environment=Environment.get(ws, environment.name))
    assert ended(run) == "Completed", error_of(run)
    assert "got the registry" in log_of(run)


@pytest.mark.all
def test_packages_from_pip_are_installed_once(submit, project):
    folder = project({"train.py": "import isodate; print(isodate.parse_duration('PT5M'))"})
    run = submit(folder, "train.py", environment=pip_only("isodate==0.6.1"))
    assert ended(run, deadline=600) == "Completed", error_of(run)
    assert "0:05:00" in log_of(run)
    again = submit(folder, "train.py", environment=pip_only("isodate==0.6.1"))
    assert ended(again) == "Completed"


@pytest.mark.all
def test_a_package_that_cannot_be_had_is_named(submit, project):
    run = submit(project({"train.py": "print('never')"}), "train.py", environment=pip_only("isodate==99.99"))
    assert ended(run, deadline=600) == "Failed"
    assert "isodate==99.99" in error_of(run)


def pip_only(*packages):
    environment = Environment("pip-only")
    environment.python.conda_dependencies = CondaDependencies.create(
        pip_packages=list(packages), pin_sdk_version=False)
    # The SDK adds azureml-defaults by itself, which would bring the whole SDK.
    environment.python.conda_dependencies.remove_pip_package("azureml-defaults")
    return environment
