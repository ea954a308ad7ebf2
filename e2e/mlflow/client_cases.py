"""What MLflow's client does with experiments and runs by themselves; each function is one case."""

import math
import threading
import traceback

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType

from cases import fresh, refused, run_cases

client = MlflowClient()


def experiments():
    name = fresh("experiments")
    number = client.create_experiment(name, tags={"k": "v"})
    assert client.get_experiment("0").name == "Default"
    kept = client.get_experiment(number)
    assert (kept.name, kept.lifecycle_stage, kept.tags) == (name, "active", {"k": "v"})
    assert kept.creation_time > 1_600_000_000_000 and kept.artifact_location.endswith(f"/{number}")
    assert client.get_experiment_by_name(name).experiment_id == number
    assert client.get_experiment_by_name(fresh("nobody")) is None
    client.set_experiment_tag(number, "note", "several\nlines")
    client.set_experiment_tag(number, "k", "other")
    client.delete_experiment_tag(number, "note")
    assert client.get_experiment(number).tags == {"k": "other"}
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.delete_experiment_tag(number, "note"), "No tag with name: note")
    renamed = fresh("renamed")
    client.rename_experiment(number, renamed)
    assert client.get_experiment(number).name == renamed
    foreign = client.create_experiment(fresh("foreign"), artifact_location="s3://bucket/path")
    assert client.get_experiment(foreign).artifact_location == "s3://bucket/path"
    run = client.create_run(number)
    client.delete_experiment(number)
    assert client.get_experiment(number).lifecycle_stage == "deleted"
    assert client.get_run(run.info.run_id).info.lifecycle_stage == "deleted"
    refused("INVALID_PARAMETER_VALUE", lambda: client.create_run(number), "must be in the 'active' state")
    refused("RESOURCE_ALREADY_EXISTS", lambda: client.create_experiment(renamed))
    client.restore_experiment(number)
    assert client.get_experiment(number).lifecycle_stage == "active"
    assert client.get_run(run.info.run_id).info.lifecycle_stage == "active"
    refused("RESOURCE_ALREADY_EXISTS", lambda: client.create_experiment(renamed))
    mine = fresh("mine")
    for tag in ["x", "y"]:
        client.create_experiment(f"{mine} {tag}", tags={"which": tag})
    found = client.search_experiments(filter_string=f"name LIKE '{mine}%'", order_by=["name DESC"])
    assert [one.name for one in found] == [f"{mine} y", f"{mine} x"]
    found = client.search_experiments(filter_string=f"name LIKE '{mine}%' AND tags.which = 'x'")
    assert [one.name for one in found] == [f"{mine} x"]
    first = client.search_experiments(filter_string=f"name LIKE '{mine}%'", max_results=1)
    assert len(first) == 1 and first.token
    second = client.search_experiments(filter_string=f"name LIKE '{mine}%'", max_results=1, page_token=first.token)
    assert {first[0].name, second[0].name} == {f"{mine} x", f"{mine} y"} and not second.token
    client.delete_experiment(client.get_experiment_by_name(f"{mine} x").experiment_id)
    deleted = client.search_experiments(view_type=ViewType.DELETED_ONLY, filter_string=f"name LIKE '{mine}%'")
    assert [one.name for one in deleted] == [f"{mine} x"]
    both = client.search_experiments(view_type=ViewType.ALL, filter_string=f"name LIKE '{mine}%'")
    assert len(both) == 2


def runs():
    number = client.create_experiment(fresh("runs"))
    made = client.create_run(number, start_time=456, run_name="mine", tags={"mlflow.user": "ann", "my": "tag"})
    run_id = made.info.run_id
    for run in [made, client.get_run(run_id)]:
        assert (run.info.run_id, run.info.experiment_id, run.info.user_id) == (run_id, number, "ann")
        assert (run.info.start_time, run.info.end_time, run.info.status) == (456, None, "RUNNING")
        assert run.info.run_name == run.data.tags["mlflow.runName"] == "mine"
        assert run.info.artifact_uri.endswith(f"/{number}/{run_id}/artifacts")
    client.update_run(run_id, status="SCHEDULED", name="yours")
    kept = client.get_run(run_id)
    assert kept.info.status == "SCHEDULED"
    assert kept.info.run_name == kept.data.tags["mlflow.runName"] == "yours"
    client.set_tag(run_id, "mlflow.runName", "tagged")
    assert client.get_run(run_id).info.run_name == "tagged"
    client.delete_tag(run_id, "my")
    assert "my" not in client.get_run(run_id).data.tags
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.delete_tag(run_id, "my"), "No tag with name: my")
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.delete_tag("nobody", "my"), "Run with id=nobody not found")
    client.set_terminated(run_id, "KILLED", end_time=789)
    kept = client.get_run(run_id)
    assert (kept.info.status, kept.info.end_time) == ("KILLED", 789)
    client.delete_run(run_id)
    assert client.get_run(run_id).info.lifecycle_stage == "deleted"
    assert not client.search_runs([number])
    assert client.search_runs([number], run_view_type=ViewType.DELETED_ONLY)[0].info.run_id == run_id
    for change in [
        lambda: client.log_metric(run_id, "m", 1),
        lambda: client.log_param(run_id, "p", 1),
        lambda: client.set_tag(run_id, "t", 1),
        lambda: client.delete_tag(run_id, "mlflow.runName"),
        lambda: client.log_batch(run_id, params=[Param("p", "1")]),
        lambda: client.update_run(run_id, status="FINISHED"),
    ]:
        refused("INVALID_PARAMETER_VALUE", change, f"The run {run_id} must be in the 'active' state")
    client.restore_run(run_id)
    client.log_metric(run_id, "m", 1)
    assert client.get_run(run_id).data.metrics == {"m": 1}
    store = client._tracking_client.store
    two_names = lambda: store.create_run(number, "u", 1, [RunTag("mlflow.runName", "a")], "b")
    refused("INVALID_PARAMETER_VALUE", two_names, "different values")


def values():
    run_id = client.create_run(client.create_experiment(fresh("values"))).info.run_id
    client.log_metric(run_id, "metric", 123.456, timestamp=789, step=2)
    client.log_metric(run_id, "nan", float("nan"))
    client.log_metric(run_id, "inf", float("inf"))
    client.log_metric(run_id, "-inf", -float("inf"))
    client.log_metric(run_id, "tiny", 5e-324)
    client.log_metric(run_id, "stepless", 987.654, timestamp=321)
    client.log_metric(run_id, "độ chính xác/精度", 0.1 + 0.2)
    metrics = client.get_run(run_id).data.metrics
    assert metrics["metric"] == 123.456 and math.isnan(metrics["nan"])
    assert metrics["inf"] == math.inf and metrics["-inf"] == -math.inf and metrics["tiny"] == 5e-324
    assert metrics["độ chính xác/精度"] == 0.1 + 0.2
    (point,) = client.get_metric_history(run_id, "stepless")
    assert (point.value, point.timestamp, point.step) == (987.654, 321, 0)
    (point,) = client.get_metric_history(run_id, "nan")
    assert math.isnan(point.value)
    client.log_batch(run_id, metrics=[Metric("nan", float("nan"), point.timestamp, point.step)])
    assert len(client.get_metric_history(run_id, "nan")) == 1, "a point that is logged twice is one point"
    assert client.get_metric_history(run_id, "nobody's") == []
    client.log_batch(
        run_id,
        metrics=[Metric("order", 3, 300, 1), Metric("order", 1, 100, 9), Metric("order", 2, 200, 9)],
        params=[Param("long", "x" * 6_500), Param("unicode", "ữ🙂")],
        tags=[RunTag("long", "y" * 8_500)],
    )
    run = client.get_run(run_id)
    assert run.data.metrics["order"] == 2, "the last is the greatest by step, then time"
    assert [point.timestamp for point in client.get_metric_history(run_id, "order")] == [100, 200, 300]
    assert run.data.params == {"long": "x" * 6_000, "unicode": "ữ🙂"} and run.data.tags["long"] == "y" * 8_000
    client.log_param(run_id, "long", "x" * 6_500)
    changing = "Changing param values is not allowed"
    refused(
        "INVALID_PARAMETER_VALUE",
        lambda: client.log_param(run_id, "unicode", "other"),
        changing,
        "The cause of this error is typically due to repeated calls",
    )
    params = [Param("unicode", "other"), Param("new", "1")]
    refused("INVALID_PARAMETER_VALUE", lambda: client.log_batch(run_id, params=params), changing)
    assert "new" not in client.get_run(run_id).data.params, "a batch is kept whole or not at all"
    twice = [Param("twice", "1"), Param("twice", "1")]
    refused("INVALID_PARAMETER_VALUE", lambda: client.log_batch(run_id, params=twice), "Duplicate parameter keys")
    for bad in ["a@b", "../a", "a/../b", "/a"]:
        refused("INVALID_PARAMETER_VALUE", lambda: client.log_metric(run_id, bad, 1), "Invalid value")
    refused("INVALID_PARAMETER_VALUE", lambda: client.log_metric(run_id, "m" * 251, 1), "250")


def histories():
    run_id = client.create_run(client.create_experiment(fresh("histories"))).info.run_id
    points = 30_000
    for start in range(0, points, 1_000):
        steps = range(start, start + 1_000)
        client.log_batch(run_id, metrics=[Metric("loss", 1 / (step + 1), 1_000 + step, step) for step in steps])
    history = client.get_metric_history(run_id, "loss")
    assert [point.step for point in history] == list(range(points))
    assert all(point.value == 1 / (point.step + 1) for point in history)
    assert client.get_run(run_id).data.metrics == {"loss": 1 / points}
    store = client._tracking_client.store
    seen, token = [], None
    while True:
        page = store.get_metric_history(run_id, "loss", max_results=7_000, page_token=token)
        seen += [point.step for point in page]
        token = page.token
        if token is None:
            break
    assert seen == list(range(points))


def writers():
    """16 writers at once: into one run, and each into its own; nothing is lost, nothing doubled."""
    number = client.create_experiment(fresh("writers"))
    shared = client.create_run(number).info.run_id
    own = [client.create_run(number).info.run_id for _ in range(16)]
    failures = []

    def write(worker):
        mine = MlflowClient()
        try:
            for step in range(25):
                mine.log_metric(shared, "shared", worker, timestamp=step, step=step)
                mine.log_metric(own[worker], "own", step, timestamp=step, step=step)
            mine.log_batch(
                shared,
                metrics=[Metric(f"of {worker}", step, step, step) for step in range(100)],
                params=[Param(f"p{worker}", str(worker))],
                tags=[RunTag("raced", str(worker)), RunTag(f"t{worker}", "1")],
            )
        except Exception:
            failures.append(traceback.format_exc())

    threads = [threading.Thread(target=write, args=[worker]) for worker in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures[0]
    points = [(point.step, point.value) for point in client.get_metric_history(shared, "shared")]
    assert sorted(points) == [(step, worker) for step in range(25) for worker in range(16)]
    run = client.get_run(shared)
    assert run.data.metrics["shared"] == 15
    assert {name: value for name, value in run.data.params.items()} == {f"p{w}": str(w) for w in range(16)}
    assert sum(run.data.tags[f"t{worker}"] == "1" for worker in range(16)) == 16
    for worker in range(16):
        assert len(client.get_metric_history(shared, f"of {worker}")) == 100
        assert [point.value for point in client.get_metric_history(own[worker], "own")] == list(range(25))


def errors():
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_run("0" * 32), f"Run with id={'0' * 32} not found")
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_experiment("999999"), "No Experiment with id=999999 exists")
    refused("INVALID_PARAMETER_VALUE", lambda: client.get_experiment("abc"), "Experiment ID must be a valid integer")
    refused("INVALID_PARAMETER_VALUE", lambda: client.search_runs(["abc"]), "Invalid experiment ID 'abc'")
    refused("INVALID_PARAMETER_VALUE", lambda: client.create_experiment("n" * 501), "500")
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.create_run("999999"))
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.log_metric("0" * 32, "m", 1))
    refused("RESOURCE_DOES_NOT_EXIST", lambda: mlflow.get_logged_model("m-" + "0" * 32))


if __name__ == "__main__":
    run_cases([experiments, runs, values, histories, writers, errors])
