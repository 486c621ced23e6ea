"""What went wrong is said where the user looks: in the exception, and in the run's error."""

import pytest
from azureml.core import Environment
from azureml.exceptions import ActivityFailedException, AzureMLException

from support.runs import ended, error_of, log_of


def test_a_failing_script_gives_the_tail_of_its_error(submit, project):
    run = submit(project({"train.py": "print('so far')\nraise ValueError('the data is damaged')"}), "train.py")
    with pytest.raises(ActivityFailedException, match="ValueError: the data is damaged"):
        run.wait_for_completion(show_output=True)
    assert ended(run) == "Failed"
    assert "so far" in log_of(run)


def test_an_exit_code_is_told(submit, project):
    run = submit(project({"train.py": "import sys; sys.exit(7)"}), "train.py")
    assert ended(run) == "Failed"
    assert "7" in error_of(run)


def test_outputs_of_a_failed_run_are_kept(submit, project):
    run = submit(project({"train.py": "import os; os.makedirs('outputs', exist_ok=True); open('outputs/half.txt', 'w').close()\nraise SystemExit(1)"}), "train.py")
    assert ended(run) == "Failed"
    assert "outputs/half.txt" in run.get_file_names()


def test_a_command_that_does_not_exist_is_named(submit, project):
    run = submit(project(), command=["no-such-command", "--help"])
    assert ended(run) == "Failed"
    assert "no-such-command" in error_of(run) and "not found" in error_of(run)


def test_a_script_that_was_not_sent_is_named(submit, project):
    run = submit(project({"train.py": "print('never')", ".amlignore": "train.py\n"}), "train.py")
    assert ended(run) == "Failed"
    assert "train.py" in error_of(run)


def test_an_interpreter_that_does_not_exist_is_named(submit, project):
    environment = Environment("imagined")
    environment.python.user_managed_dependencies = True
    environment.python.interpreter_path = "/nowhere/python"
    run = submit(project({"train.py": "print('never')"}), "train.py", environment=environment)
    assert ended(run) == "Failed"
    assert "/nowhere/python" in error_of(run)


def test_a_target_that_does_not_exist_is_refused_at_submit(submit, project):
    with pytest.raises(AzureMLException, match="nowhere"):
        submit(project({"train.py": "print('never')"}), "train.py", target="nowhere")


@pytest.mark.runtime("docker")
def test_an_image_that_cannot_be_had_is_named(submit, project, environment):
    environment.docker.base_image = "127.0.0.1:9/imagined/image:1"
    run = submit(project({"train.py": "print('never')"}), "train.py", environment=environment)
    assert ended(run) == "Failed"
    assert "127.0.0.1:9/imagined/image:1" in error_of(run)


@pytest.mark.runtime("process")
def test_a_dockerfile_is_refused_where_there_is_no_docker(submit, project, environment):
    environment.docker.base_image = None
    environment.docker.base_dockerfile = "FROM debian"
    with pytest.raises(AzureMLException, match="(?i)dockerfile"):
        run = submit(project({"train.py": "print('never')"}), "train.py", environment=environment)
        run.wait_for_completion(show_output=True)
