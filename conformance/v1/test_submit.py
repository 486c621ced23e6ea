"""A script is sent and runs on a node that comes up for it (contracts: sdk-v1 §5)."""

import json

from azureml.core import Experiment, ScriptRunConfig
from azureml.core.compute import AmlCompute, ComputeTarget

from support.runs import ended, error_of, log_of, reached, screen
from support.waiting import wait_until

STAND = """
import hold
print("standing still", flush=True)
hold.until("go")
print("going on", flush=True)
"""


def test_output_streams_while_the_job_runs(submit, project):
    # The job goes on only when its line has been seen here: without streaming it would never end.
    run = submit(project({"train.py": STAND}), "train.py")
    with screen({"standing still": lambda: run.tag("go", "yes")}) as shown:
        run.wait_for_completion(show_output=True)
    assert shown.getvalue().index("standing still") < shown.getvalue().index("going on")
    assert ended(run) == "Completed"


def test_wait_for_completion_ends_when_the_run_has(submit, project):
    run = submit(project({"train.py": "print('quick')"}), "train.py")
    assert run.wait_for_completion(wait_post_processing=True)["status"] == "Completed"


def test_a_command_runs_in_the_place_of_a_script(submit, project):
    run = submit(project({"words": "of wisdom"}), command=["cat", "words", "&&", "echo", "said $AZUREML_RUN_ID"])
    assert ended(run) == "Completed", error_of(run)
    assert "of wisdom" in log_of(run) and f"said {run.id}" in log_of(run)


def test_scripts_may_lie_in_folders_and_import_their_neighbours(submit, project):
    run = submit(project({
        "src/train.py": "import helper\nprint(helper.WORD)\nprint(open('data/in.txt').read())",
        "src/helper.py": "WORD = 'helped'",
        "data/in.txt": "from the root"}), "src/train.py")
    assert ended(run) == "Completed", error_of(run)
    assert "helped" in log_of(run) and "from the root" in log_of(run)


def test_the_node_knows_its_run_and_the_target_its_active_ones(submit, project, cluster):
    run = submit(project({"train.py": STAND}), "train.py")
    reached(run, "Running")
    assert run.id in [node.get("runId") for node in cluster.list_nodes()]
    assert cluster.get_status().serialize()["nodeStateCounts"]["runningNodeCount"] == 1
    assert run.id in [active.run_id for active in cluster.get_active_runs()]
    run.tag("go", "yes")
    assert ended(run) == "Completed"
    assert run.id not in [active.run_id for active in cluster.get_active_runs()]


def test_a_node_comes_from_zero_and_leaves_after_the_idle_time(ws, submit, project, emulator):
    scarce = ComputeTarget.create(ws, "scarce", AmlCompute.provisioning_configuration(
        vm_size="STANDARD_D2_V2", max_nodes=1, idle_seconds_before_scaledown=120))
    scarce.wait_for_completion()
    assert scarce.get_status().current_node_count == 0
    run = submit(project({"train.py": "print('here')"}), "train.py", target=scarce)
    assert ended(run) == "Completed"
    assert scarce.get_status().current_node_count == 1
    emulator.advance("PT3M")
    wait_until(lambda: scarce.get_status().current_node_count == 0, "the node to leave")


def test_a_running_job_is_canceled(submit, project):
    run = submit(project({"train.py": STAND}), "train.py")
    reached(run, "Running")
    run.cancel()
    assert ended(run) == "Canceled"
    assert "going on" not in log_of(run)


def test_a_queued_job_is_canceled_and_the_one_before_it_goes_on(ws, submit, project, emulator):
    narrow = ComputeTarget.create(ws, "narrow", AmlCompute.provisioning_configuration(
        vm_size="STANDARD_D2_V2", max_nodes=1))
    narrow.wait_for_completion()
    folder = project({"train.py": STAND})
    first = submit(folder, "train.py", target=narrow)
    reached(first, "Running")
    second = submit(folder, "train.py", target=narrow)
    reached(second, "Queued")
    assert "maximum of 1 node" in json.dumps(emulator.explain(second.id))
    # The same is a property of the run, and what the service says of one that waits.
    why = emulator.explain(second.id)["why"]
    assert second.get_properties()["malachite.why"] == why
    assert second._client.run.get_run().queueing_info.serialize() == {"code": "Queued", "message": why}
    second.cancel()
    assert ended(second) == "Canceled"
    assert "malachite.why" not in second.get_properties()
    assert "maximum of 1 node" not in first.get_properties()["malachite.why"]
    first.tag("go", "yes")
    assert ended(first) == "Completed"


def test_the_higher_priority_goes_first(ws, submit, project, environment):
    busy = ComputeTarget.create(ws, "busy", AmlCompute.provisioning_configuration(
        vm_size="STANDARD_D2_V2", max_nodes=1))
    busy.wait_for_completion()
    first = submit(project({"train.py": STAND, "quick.py": "print('quick')"}), "train.py", target=busy)
    reached(first, "Running")

    def waiting(priority):
        config = ScriptRunConfig(project(), "quick.py", compute_target=busy, environment=environment)
        config.run_config.priority = priority
        run = Experiment(ws, "trial").submit(config)
        reached(run, "Queued")
        return run

    low, high = waiting(-5), waiting(5)
    assert high.get_properties()["malachite.why"].startswith("It is next;")
    first.tag("go", "yes")
    assert ended(low) == ended(high) == "Completed"
    assert high.get_details()["startTimeUtc"] < low.get_details()["startTimeUtc"]
