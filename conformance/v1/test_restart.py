"""The emulator is killed as `kill -9` does, and started again: an acknowledged write survives, and so do running jobs."""

import shutil

import pytest
from azureml.core import Experiment, Run, Workspace
from azureml.core.compute import AmlCompute, ComputeInstance, ComputeTarget
from azureml.core.runconfig import PyTorchConfiguration

from support import ranks
from support.runs import ended, error_of, log_of, reached
from support.waiting import wait_until

STAND = """
import hold
print("before", flush=True)
hold.until("go", deadline=150)
print("after", flush=True)
"""

RANKS = """
import hold, ranks
print("before", flush=True)
hold.until("go", deadline=150)
print("after", ranks.all_reduce(10 ** ranks.place()[0]), flush=True)
"""

ALONE = """
import os, hold
print("before", flush=True)
hold.until_alone()
os.makedirs("outputs", exist_ok=True)
open("outputs/late.txt", "w").write("late")
print("alone", flush=True)
raise SystemExit(3)
"""


@pytest.fixture
def narrow(ws):
    """One node, so that a second job waits."""
    made = ComputeTarget.create(ws, "narrow", AmlCompute.provisioning_configuration(
        vm_size="STANDARD_D2_V2", max_nodes=1))
    made.wait_for_completion()
    return made


def test_everything_is_there_again_and_jobs_end_as_they_would_have(ws, narrow, submit, project, emulator):
    done = submit(project({"train.py": "import os; os.makedirs('outputs', exist_ok=True); open('outputs/kept', 'w').write('kept')"}),
                  "train.py", target=narrow, experiment="history")
    assert ended(done) == "Completed"
    done.log("accuracy", 0.5)
    done.tag("kept", "yes")
    done.flush()
    running = submit(project({"train.py": STAND}), "train.py", target=narrow)
    reached(running, "Running")
    wait_until(lambda: "before" in log_of(running), "the job's first line")
    waiting = submit(project({"train.py": "print('had waited')"}), "train.py", target=narrow)
    reached(waiting, "Queued")

    emulator.kill()
    emulator.start()

    assert Workspace(ws.subscription_id, ws.resource_group, ws.name)._workspace_id == ws._workspace_id
    assert ComputeTarget(ws, "narrow").scale_settings.maximum_node_count == 1
    before = Run(Experiment(ws, "history"), done.id)
    assert before.get_status() == "Completed"
    assert before.get_metrics() == {"accuracy": 0.5} and before.get_tags()["kept"] == "yes"
    assert before._download_artifact_contents_to_string("outputs/kept") == "kept"
    assert waiting.get_status() == "Queued"

    reached(running, "Running")
    running.tag("go", "yes")
    assert ended(running) == "Completed", error_of(running)
    # Once each: it was found again, not started again.
    assert log_of(running).count("before") == log_of(running).count("after") == 1
    assert ended(waiting) == "Completed"
    assert "had waited" in log_of(waiting)


def test_ranks_on_several_nodes_are_found_again(submit, project, emulator):
    shutil.copy(ranks.__file__, project())
    run = submit(project({"train.py": RANKS}), "train.py",
                 distributed_job_config=PyTorchConfiguration(process_count=4, node_count=2))
    reached(run, "Running")
    wait_until(lambda: log_of(run).count("before") == 4, "the first line of each rank")

    emulator.kill()
    emulator.start()

    run.tag("go", "yes")
    assert ended(run) == "Completed", error_of(run)
    logs = run.get_details_with_logs()["logFiles"]
    assert [logs[f"user_logs/std_log_process_{rank}.txt"].count(word) for rank in range(4)
            for word in ("before", "after 1111")] == [1] * 8


def test_a_job_that_ended_while_the_emulator_was_away_has_its_result(narrow, submit, project, emulator):
    run = submit(project({"train.py": ALONE}), "train.py", target=narrow)
    reached(run, "Running")
    wait_until(lambda: "before" in log_of(run), "the job's first line")

    emulator.kill()
    emulator.start()

    assert ended(run) == "Failed"
    assert "alone" in log_of(run)
    assert "3" in error_of(run)
    assert "outputs/late.txt" in run.get_file_names()


def test_an_instance_runs_again_and_its_job_goes_on(ws, submit, project, emulator):
    instance = ComputeInstance.create(ws, "re" + ws._workspace_id[:8], ComputeInstance.provisioning_configuration(
        vm_size="STANDARD_D2_V2"))
    instance.wait_for_completion()
    run = submit(project({"train.py": STAND}), "train.py", target=instance)
    reached(run, "Running")
    wait_until(lambda: "before" in log_of(run), "the job's first line")

    emulator.kill()
    emulator.start()

    wait_until(lambda: instance.get_status().state == "JobRunning", "the instance to run")
    run.tag("go", "yes")
    assert ended(run) == "Completed", error_of(run)
    assert log_of(run).count("before") == 1
    instance.delete()


def test_a_sweep_goes_on_where_it_was(ws, narrow, environment, project, emulator):
    import shutil

    from azureml.core import ScriptRunConfig
    from azureml.train.hyperdrive import GridParameterSampling, HyperDriveConfig, PrimaryMetricGoal, choice

    from support import report

    folder = project({"train.py": "import sys, hold, report\n"
                                  "report.metric('loss', float(sys.argv[2]))\nhold.until('go', deadline=150)"})
    shutil.copy(report.__file__, folder)
    sweep = Experiment(ws, "tuning").submit(HyperDriveConfig(
        run_config=ScriptRunConfig(folder, "train.py", compute_target=narrow, environment=environment),
        hyperparameter_sampling=GridParameterSampling({"--loss": choice(1, 2, 3)}), primary_metric_name="loss",
        primary_metric_goal=PrimaryMetricGoal.MINIMIZE, max_total_runs=9, max_concurrent_runs=1))
    first = wait_until(lambda: next((run for run in sweep.get_children() if run.id.endswith("_0")), None), "a trial")
    wait_until(lambda: first.get_metrics(), "its report")

    emulator.kill()
    emulator.start()

    def let_go():
        for run in sweep.get_children():
            if run.get_status() == "Running":
                run.tag("go", "yes")
        return sweep.get_status() == "Completed"

    wait_until(let_go, "the sweep's end", 90)
    assert sorted(run.id for run in sweep.get_children()) == [f"{sweep.id}_{n}" for n in range(3)]
    assert sweep.get_best_run_by_primary_metric().id == first.id
