"""Pipelines with the SDK v2 (contracts: sdk-v2 §5 and §7; rules of failure and reuse as Azure's documentation has them)."""

import io
import shutil
import textwrap
from contextlib import redirect_stdout

import pytest
from azure.ai.ml import Input, Output, automl, command, load_component, load_job, spark
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.entities import AzureBlobDatastore, Environment
from azure.ai.ml.exceptions import JobException
from azure.ai.ml.parallel import RunFunction, parallel_run_function
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.storage.blob import ContainerClient

from support import report
from support.runs import FINAL
from support.waiting import wait_until

IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"
# Adds a line to what it is given, and leaves both.
ADD = ('cat ${{inputs.data}}/* > ${{outputs.out}}/text; echo "${{inputs.line}} $[[(${{inputs.note}})]]" '
       ">> ${{outputs.out}}/text")


@pytest.fixture(scope="module")
def start():
    return part("start", "echo ${{inputs.line}} > ${{outputs.out}}/text", inputs={"line": Input(type="string")})


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A component of a file, as most are."""
    file = tmp_path_factory.mktemp("components") / "add.yml"
    file.write_text(textwrap.dedent(f"""
        $schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
        name: add_line
        version: "1"
        type: command
        inputs:
          data: {{type: uri_folder}}
          line: {{type: string, default: plain}}
          note: {{type: integer, optional: true}}
        outputs:
          out: {{type: uri_folder}}
        environment: {{image: "{IMAGE}"}}
        command: >-
          {ADD}
        """))
    return str(file)


@pytest.fixture(scope="module")
def add(file):
    return load_component(file)


@pytest.fixture(scope="module")
def second(client, emulator):
    """The container of a datastore that is not the workspace's default one."""
    usual = client.datastores.get_default(include_secrets=True)
    client.datastores.create_or_update(AzureBlobDatastore(
        name="second", account_name=usual.account_name, container_name="second", credentials=usual.credentials))
    key = {"account_name": usual.account_name, "account_key": usual.credentials.account_key}
    with ContainerClient(f"https://localhost:{emulator.https_port}/malachite", "second", credential=key) as container:
        container.create_container()
        yield container


def part(name, line, **more):
    """A step that is written in place."""
    return command(name=name, command=line, environment=Environment(image=IMAGE),
                   outputs=more.pop("outputs", {"out": Output(type="uri_folder")}), **more)


def submit(client, job, experiment="pipes"):
    return client.jobs.create_or_update(job, experiment_name=experiment)


def ended(client, name):
    return wait_until(lambda: (status := client.jobs.get(name).status) in FINAL and status, "the pipeline's end", 90)


def children(client, name):
    return {child.display_name: child for child in client.jobs.list(parent_job_name=name)}


def output(client, name, folder, what):
    client.jobs.download(name, download_path=str(folder), output_name=what)
    return (folder / "named-outputs" / what / "text").read_text().split("\n")[:-1]


class Printed(io.StringIO):
    """What the SDK prints. It flushes first when it has seen the run in progress; of one that has ended it prints no log."""

    def __init__(self, seen):
        super().__init__()
        self.seen = seen

    def flush(self):
        seen, self.seen = self.seen, lambda: None
        seen()


def test_what_one_step_makes_the_next_one_takes(client, cluster, start, add, tmp_path, emulator):
    @pipeline(default_compute=cluster.name, description="two and two", tags={"kind": "adding"})
    def adding(first: str, number: int):
        one = start(line=first)
        two = add(data=one.outputs.out, line="second", note=number)
        three = add(data=two.outputs.out)
        return {"result": three.outputs.out}

    held = emulator.fault(kind="engineAway")
    job = submit(client, adding(first="begin", number=3))
    assert job.status in ("NotStarted", "Preparing", "Running") and job.type == "pipeline"
    with redirect_stdout(Printed(lambda: emulator.undo(held))) as shown:
        client.jobs.stream(job.name)
    printed = shown.getvalue()
    assert "Streaming logs/azureml/executionlogs.txt" in printed and "Submitting 1 runs, first five are:" in printed
    done = client.jobs.get(job.name)
    assert done.status == "Completed" and done.tags == {"kind": "adding"}
    assert list(done.jobs) == ["one", "two", "three"] and done.settings.default_compute == cluster.name
    assert output(client, job.name, tmp_path, "result") == ["begin", "second (3)", "plain "]
    steps = children(client, job.name)
    assert {name: child.status for name, child in steps.items()} == dict.fromkeys(("one", "two", "three"), "Completed")
    step = client.jobs.get(steps["two"].name)
    assert step.type == "command" and step.properties["azureml.pipelinerunid"] == job.name
    assert output(client, step.name, tmp_path / "two", "out") == ["begin", "second (3)"]


def test_an_unchanged_step_is_not_run_again(client, cluster, start, add, second, tmp_path):
    @pipeline(default_compute=cluster.name)
    def again(line: str):
        one = start(line="the same")
        two = add(data=one.outputs.out, line=line)
        return {"result": two.outputs.out}

    first = submit(client, again(line="a"))
    assert ended(client, first.name) == "Completed"
    second = submit(client, again(line="b"))
    assert ended(client, second.name) == "Completed"
    steps = children(client, second.name)
    assert steps["one"].properties["azureml.isreused"] == "true"
    assert steps["one"].properties["azureml.reusedrunid"] == children(client, first.name)["one"].name
    assert "azureml.isreused" not in steps["two"].properties
    assert output(client, second.name, tmp_path, "result") == ["the same", "b "]
    third = again(line="b")
    third.settings.force_rerun = True
    third = submit(client, third)
    assert ended(client, third.name) == "Completed"
    assert all("azureml.isreused" not in step.properties for step in children(client, third.name).values())
    fourth = submit(client, again(line="b"))
    assert ended(client, fourth.name) == "Completed"
    assert all(step.properties["azureml.isreused"] == "true" for step in children(client, fourth.name).values())
    assert output(client, fourth.name, tmp_path / "fourth", "result") == ["the same", "b "]
    elsewhere = again(line="b")
    elsewhere.settings.default_datastore = "second"
    elsewhere = submit(client, elsewhere)
    assert ended(client, elsewhere.name) == "Completed"
    assert all("azureml.isreused" not in step.properties for step in children(client, elsewhere.name).values())


def test_outputs_go_to_the_datastore_that_the_pipeline_names(client, cluster, start, add, second, tmp_path):
    @pipeline
    def inner(data: Input(type="uri_folder")):
        return {"made": add(data=data).outputs.out}

    def stored(datastore, **more):
        @pipeline(default_compute=cluster.name, default_datastore=datastore)
        def storing():
            return {"result": inner(data=start(**more).outputs.out).outputs.made}
        return submit(client, storing())

    jobs = [stored(form, line=form) for form in ("second", client.datastores.get("second").id)]
    for job in jobs:
        assert ended(client, job.name) == "Completed"
        assert client.jobs.get(job.name).settings.default_datastore == "second"
        step = children(client, job.name)["start"]
        assert {f"azureml/{job.name}/result/text", f"azureml/{step.name}/out/text"} <= set(second.list_blob_names())
    assert output(client, jobs[0].name, tmp_path, "result") == ["second", "plain "]
    with pytest.raises(HttpResponseError, match="Step 'start': .*datastore 'nowhere' of workspace 'laboratory'"):
        stored("nowhere", line="x")


def test_a_pipeline_within_a_pipeline(client, cluster, start, add, tmp_path):
    @pipeline
    def inner(data: Input(type="uri_folder"), line: str = "inner"):
        step = add(data=data, line=line)
        return {"made": step.outputs.out}

    @pipeline(default_compute=cluster.name)
    def outer():
        one = start(line="outer")
        within = inner(data=one.outputs.out)
        last = add(data=within.outputs.made, line="last")
        return {"result": last.outputs.out, "between": within.outputs.made}

    job = submit(client, outer())
    assert ended(client, job.name) == "Completed"
    assert output(client, job.name, tmp_path, "result") == ["outer", "inner ", "last "]
    assert output(client, job.name, tmp_path / "between", "between") == ["outer", "inner "]
    nested = children(client, job.name)["within"]
    assert children(client, nested.name)["step"].status == "Completed"
    assert client.jobs.get(nested.name).type == "pipeline"


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_failed_step_is_named_and_decides_about_the_others(client, cluster, start, add, goes_on):
    @pipeline(default_compute=cluster.name, continue_on_step_failure=goes_on)
    def failing():
        bad = part("broken", "exit 3; echo ${{outputs.out}}")()
        add(data=bad.outputs.out)
        other = part("slow", "sleep 1; echo x > ${{outputs.out}}/text" if goes_on else "sleep 60; ls ${{outputs.out}}")()
        add(data=other.outputs.out, line="after")

    job = submit(client, failing())
    with pytest.raises(JobException, match="Failed nodes: /bad"):
        client.jobs.stream(job.name)
    assert client.jobs.get(job.name).status == "Failed"
    statuses = {name: child.status for name, child in children(client, job.name).items()}
    assert statuses == ({"bad": "Failed", "other": "Completed", "add_line_1": "Completed"} if goes_on
                        else {"bad": "Failed", "other": "Canceled"}), statuses


def test_canceling_a_pipeline_cancels_its_steps(client, cluster, emulator):
    @pipeline(default_compute=cluster.name)
    def long():
        part("sleeper", "sleep 100; ls ${{outputs.out}}")()

    job = submit(client, long())
    child = wait_until(lambda: next(iter(children(client, job.name).values()), None), "the step's run", 30)
    wait_until(lambda: client.jobs.get(child.name).status == "Running", "the step to run", 60)
    told = emulator.explain(job.name)
    assert told["status"] == "Running" and told["why"] != "It has ended."
    client.jobs.begin_cancel(job.name)
    assert ended(client, job.name) == "Canceled"
    assert client.jobs.get(child.name).status == "Canceled"


def test_it_goes_on_where_it_was_killed(client, cluster, start, add, emulator, tmp_path):
    @pipeline(default_compute=cluster.name)
    def surviving():
        one = part("slow", "sleep 3; echo slow > ${{outputs.out}}/text")()
        return {"result": add(data=one.outputs.out, line="after").outputs.out}

    job = submit(client, surviving())
    child = wait_until(lambda: next(iter(children(client, job.name).values()), None), "the first step's run", 30)
    wait_until(lambda: client.jobs.get(child.name).status == "Running", "the step to run", 60)
    emulator.kill()
    emulator.start()
    assert ended(client, job.name) == "Completed"
    assert output(client, job.name, tmp_path, "result") == ["slow", "after "]
    assert len(children(client, job.name)) == 2


def test_a_sweep_as_a_step(client, cluster, start, second, tmp_path):
    from azure.ai.ml.sweep import Choice

    shutil.copy(report.__file__, tmp_path)
    (tmp_path / "train.py").write_text("import sys, report; report.metric('score', float(sys.argv[1]))")
    trial = part("trial", "python train.py ${{inputs.size}} && echo ${{inputs.size}} > ${{outputs.out}}/text",
                 inputs={"size": Input(type="integer")}, code=str(tmp_path))

    @pipeline(default_compute=cluster.name, default_datastore="second")
    def sweeping():
        best = trial(size=Choice([1, 3, 2])).sweep(primary_metric="score", goal="maximize", sampling_algorithm="grid")
        best.set_limits(max_total_trials=3, max_concurrent_trials=2)
        return {"result": best.outputs.out}

    job = submit(client, sweeping())
    assert ended(client, job.name) == "Completed"
    assert output(client, job.name, tmp_path / "best", "result") == ["3"]
    best = client.jobs.get(children(client, job.name)["best"].name).properties["best_child_run_id"]
    assert f"azureml/{best}/out/text" in set(second.list_blob_names())


def test_a_job_of_a_file_with_nodes_of_their_own(client, cluster, tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src/show.py").write_text(
        "import os, sys; open(sys.argv[1] + '/text', 'w').write(os.environ['WORD'] + chr(10) + sys.argv[2] + chr(10))")
    (tmp_path / "pipeline.yml").write_text(textwrap.dedent(f"""
        $schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json
        type: pipeline
        display_name: of a file
        inputs:
          rate: 0.5
        outputs:
          shown: {{type: uri_folder, mode: upload}}
        settings:
          default_compute: azureml:{cluster.name}
        jobs:
          show:
            type: command
            code: ./src
            command: python show.py ${{{{outputs.out}}}} ${{{{inputs.rate}}}}
            environment: {{image: "{IMAGE}"}}
            environment_variables: {{WORD: hello}}
            inputs: {{rate: "${{{{parent.inputs.rate}}}}"}}
            outputs: {{out: "${{{{parent.outputs.shown}}}}"}}
            limits: {{timeout: 60}}
        """))
    job = submit(client, load_job(str(tmp_path / "pipeline.yml")))
    assert ended(client, job.name) == "Completed"
    assert output(client, job.name, tmp_path, "shown") == ["hello", "0.5"]
    assert client.jobs.get(children(client, job.name)["show"].name).limits.timeout == 60


def test_a_registered_component_and_an_output_with_a_name(client, cluster, file, start):
    registered = client.components.create_or_update(load_component(file))
    known = client.components.get(registered.name, registered.version)

    @pipeline(default_compute=cluster.name)
    def naming():
        step = known(data=start(line="x").outputs.out)
        return {"kept": step.outputs.out}

    job = naming()
    job.outputs.kept.name, job.outputs.kept.version = "kept_lines", "1"
    job = submit(client, job)
    assert ended(client, job.name) == "Completed"
    assert client.data.get("kept_lines", "1").type == "uri_folder"


def test_what_cannot_run_is_refused_before_anything_runs(client, cluster, start):
    @pipeline(default_compute="nowhere")
    def homeless():
        start(line="x")

    with pytest.raises(HttpResponseError, match="Step 'start': .*nowhere.* does not exist"):
        submit(client, homeless())


OTHER_KINDS = {
    "automl": ("a command or a sweep step", lambda code, data: automl.classification(
        training_data=data, target_column_name="y", outputs={"best_model": Output(type="mlflow_model")})),
    "spark": ("a command step whose environment has pyspark", lambda code, data: spark(
        code=code, entry={"file": "x.py"}, driver_cores=1, driver_memory="2g", executor_cores=2, executor_memory="2g",
        executor_instances=2, resources={"instance_type": "Standard_E4S_V3", "runtime_version": "3.4.0"})()),
    "parallel": ("a command step that goes over its input itself", lambda code, data: parallel_run_function(
        name="other", inputs={"data": Input(type="mltable")}, outputs={"out": Output(type="uri_folder")},
        input_data="${{inputs.data}}", instance_count=1, mini_batch_size="1",
        task=RunFunction(code=code, entry_script="x.py", environment=Environment(image=IMAGE)))(data=data)),
}


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_steps_of_other_kinds_are_refused_with_a_way_out(client, cluster, tmp_path, kind):
    (tmp_path / "x.py").write_text("")
    way_out, make = OTHER_KINDS[kind]

    @pipeline(default_compute=cluster.name)
    def unsupported(data: Input(type="mltable")):
        other = make(str(tmp_path), data)

    job = unsupported(data=Input(type="mltable", path="azureml://datastores/workspaceblobstore/paths/table/"))
    job.name = f"never_{kind}"
    with pytest.raises(HttpResponseError, match=f"Step 'other' .* of type '{kind}', .*; use {way_out}.") as refused:
        submit(client, job)
    assert refused.value.status_code == 400
    with pytest.raises(ResourceNotFoundError):
        client.jobs.get(job.name)
