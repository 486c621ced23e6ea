"""Schedules with the SDK v2 on a clock that the test turns (contracts: sdk-v2 §7; display names as Microsoft documents them)."""

import os
from datetime import datetime, timedelta, timezone

import pytest
from azure.ai.ml import command
from azure.ai.ml.constants import TimeZone
from azure.ai.ml.entities import CronTrigger, Environment, JobSchedule, RecurrencePattern, RecurrenceTrigger
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from support.runs import FINAL
from support.waiting import wait_until

IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"


@pytest.fixture(scope="module", autouse=True)
def standing_clock(emulator):
    """Nothing is due unless the test says so."""
    emulator.clock("manual")
    yield
    emulator.clock("real")


@pytest.fixture(scope="module")
def job(client, cluster):
    """A job that has run and can be run again."""
    done = client.jobs.create_or_update(command(
        command="echo ${{inputs.word}}", inputs={"word": "again"}, environment=Environment(image=IMAGE),
        compute=cluster.name, experiment_name="nightly", tags={"team": "vision"}))
    return done


@pytest.fixture
def schedule(client, job, request):
    def put(trigger, **more):
        name = f"s-{request.node.name.replace('_', '-')[:60]}"
        request.addfinalizer(lambda: client.schedules.begin_delete(name).result())
        return client.schedules.begin_create_or_update(
            JobSchedule(name=name, trigger=trigger, create_job=job.id, **more)).result()
    return put


def now(emulator):
    return datetime.fromisoformat(emulator.clock()["now"][:19] + "+00:00")


def advance(emulator, **by):
    emulator.advance(f"PT{int(timedelta(**by).total_seconds())}S")


def runs_of(client, schedule):
    """Newest last."""
    return sorted((each for each in client.jobs.list() if (each.display_name or "").startswith(schedule.name + "-")),
                  key=lambda each: each.name)


def suffix(time):
    return time.astimezone(timezone.utc).strftime("%Y%m%dT%H%M%SZ")


def test_a_cron_schedule_runs_its_job_again_and_again(client, emulator, schedule):
    made = schedule(CronTrigger(expression="0 * * * *"), display_name="hourly", tags={"a": "b"})
    assert (made.is_enabled, made.provisioning_state, made.display_name, made.tags) == (True, "Succeeded", "hourly", {"a": "b"})
    assert made.trigger.expression == "0 * * * *" and made.creation_context.created_at
    hour = now(emulator).replace(minute=0, second=0, microsecond=0)
    advance(emulator, hours=3)
    runs = runs_of(client, made)
    assert [run.display_name for run in runs] == [f"{made.name}-{suffix(hour + timedelta(hours=n))}" for n in (1, 2, 3)]
    names = {run.name for run in runs}
    assert {run.name for run in client.jobs.list(scheduled_job_name=made.name)} == names
    assert names <= {run.name for run in client.jobs.list(list_view_type="All", schedule_defined=True)}
    assert not names & {run.name for run in client.jobs.list(schedule_defined=False)}
    first = runs[0]
    assert (first.experiment_name, first.tags["team"]) == ("nightly", "vision")
    assert first.properties["azureml.scheduleName"] == made.name
    assert wait_until(lambda: (status := client.jobs.get(first.name).status) in FINAL and status, "its end", 60) == "Completed"


@pytest.mark.all
def test_a_schedule_goes_on_over_a_halt_and_submits_nothing_twice(client, emulator, schedule):
    made = schedule(CronTrigger(expression="30 * * * *"))
    half = now(emulator).replace(minute=30, second=0, microsecond=0)
    half += timedelta(hours=half <= now(emulator))
    advance(emulator, hours=1)
    emulator.kill()
    emulator.start()
    assert client.schedules.get(made.name).is_enabled
    advance(emulator, hours=2)
    assert [run.display_name for run in runs_of(client, made)] == [
        f"{made.name}-{suffix(half + timedelta(hours=n))}" for n in range(3)]


def test_a_disabled_schedule_rests(client, emulator, schedule):
    made = schedule(RecurrenceTrigger(frequency="minute", interval=10))
    assert not client.schedules.begin_disable(made.name).result().is_enabled
    assert made.name not in [each.name for each in client.schedules.list()]
    assert made.name in [each.name for each in client.schedules.list(list_view_type="DisabledOnly")]
    advance(emulator, minutes=30)
    assert runs_of(client, made) == []
    with pytest.raises(HttpResponseError, match="disabled"):
        client.schedules.trigger(made.name)
    assert client.schedules.begin_enable(made.name).result().is_enabled
    assert made.name in [each.name for each in client.schedules.list()]
    advance(emulator, minutes=10)
    assert len(runs_of(client, made)) == 1


def test_a_recurrence_keeps_to_its_pattern_its_zone_and_its_end(client, emulator, schedule):
    day = now(emulator).date() + timedelta(days=2)
    made = schedule(RecurrenceTrigger(
        frequency="day", interval=1, schedule=RecurrencePattern(hours=[6, 18], minutes=[30]),
        start_time=f"{day}T00:00:00", end_time=f"{day + timedelta(days=1)}T12:00:00", time_zone=TimeZone.TOKYO_STANDARD_TIME))
    assert made.trigger.schedule.hours == [6, 18] and made.trigger.time_zone == "Tokyo Standard Time"
    advance(emulator, days=5)
    tokyo = timezone(timedelta(hours=9))
    due = [datetime(d.year, d.month, d.day, hour, 30, tzinfo=tokyo)
           for d, hour in ((day, 6), (day, 18), (day + timedelta(days=1), 6))]
    assert [run.name for run in runs_of(client, made)] == [f"{made.name}-{suffix(each)}" for each in due]


def test_it_is_run_at_once_when_asked(client, schedule):
    made = schedule(CronTrigger(expression="0 0 * * 1"))
    result = client.schedules.trigger(made.name)
    assert result.schedule_action_type == "CreateJob"
    assert client.jobs.get(result.job_name).display_name == result.job_name


def test_what_cannot_be_kept_is_refused_and_what_is_gone_is_gone(client, schedule, job):
    for trigger in (CronTrigger(expression="every day"), CronTrigger(expression="0 * * * *", time_zone="Nowhere Time"),
                    RecurrenceTrigger(frequency="day", interval=0)):
        with pytest.raises(HttpResponseError) as refused:
            client.schedules.begin_create_or_update(JobSchedule(name="bad", trigger=trigger, create_job=job.id)).result()
        assert refused.value.status_code == 400
    with pytest.raises(HttpResponseError, match="no-such-job"):
        client.schedules.begin_create_or_update(
            JobSchedule(name="bad", trigger=CronTrigger(expression="0 * * * *"), create_job=job.id + "no-such-job")).result()
    with pytest.raises(ResourceNotFoundError):
        client.schedules.get("bad")
    assert os.environ["AZUREML_CURRENT_CLOUD"] != "AzureCloud"
