"""What the unmodified MLflow client does with a tracking server; each function is one case.

Runs every case against MLFLOW_TRACKING_URI and prints one line of JSON per case: its name, and its traceback or null.
"""

import contextlib
import json
import math
import os
import re
import sys
import threading
import time
import traceback
import uuid

import mlflow
import pandas as pd
import requests
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, LoggedModelStatus, Metric, Param, RunStatus, RunTag, ViewType
from mlflow.exceptions import MlflowException

client = MlflowClient()


def fresh(name):
    """A name that no other run of these cases used."""
    return f"{name} {uuid.uuid4().hex[:8]}"


def refused(code, call, *texts):
    """The call fails with the code, at once, and says each text."""
    began = time.monotonic()
    try:
        call()
    except MlflowException as error:
        assert error.error_code == code, (error.error_code, str(error))
        for text in texts:
            assert text in str(error), (text, str(error))
        assert time.monotonic() - began < 5, "the client tried again and again"
        return
    raise AssertionError(f"not refused: {code}")


def fluent():
    experiment = mlflow.set_experiment(fresh("fluent"))
    with mlflow.start_run(run_name="first", tags={"team": "blue"}, description="What it is for") as run:
        mlflow.log_param("depth", 3)
        mlflow.log_params({"rate": 0.1, "empty": ""})
        mlflow.log_metric("loss", 0.5, step=1)
        mlflow.log_metrics({"loss": 0.25, "acc": 0.9}, step=2)
        mlflow.set_tag("note", "good")
        mlflow.set_tags({"a": 1, "b": "two"})
    kept = mlflow.get_run(run.info.run_id)
    assert kept.info.status == "FINISHED" and kept.info.run_name == "first"
    assert kept.info.experiment_id == experiment.experiment_id
    assert kept.info.end_time >= kept.info.start_time > 1_600_000_000_000
    assert kept.data.params == {"depth": "3", "rate": "0.1", "empty": ""}
    assert kept.data.metrics == {"loss": 0.25, "acc": 0.9}
    assert kept.data.tags["team"] == "blue" and kept.data.tags["a"] == "1"
    assert kept.data.tags["mlflow.runName"] == "first"
    assert kept.data.tags["mlflow.note.content"] == "What it is for"
    frame = mlflow.search_runs([experiment.experiment_id])
    assert list(frame["run_id"]) == [run.info.run_id]
    assert frame.loc[0, "metrics.loss"] == 0.25 and frame.loc[0, "params.depth"] == "3"
    assert mlflow.last_active_run().info.run_id == run.info.run_id
    unnamed = client.create_run(experiment.experiment_id)
    assert unnamed.info.run_name == unnamed.data.tags["mlflow.runName"] != ""
    try:
        with mlflow.start_run() as failing:
            raise ValueError("on purpose")
    except ValueError:
        pass
    assert mlflow.get_run(failing.info.run_id).info.status == "FAILED"


def resumed():
    mlflow.set_experiment(fresh("resumed"))
    with mlflow.start_run() as run:
        mlflow.log_metric("loss", 1.0, step=1)
    with mlflow.start_run(run_id=run.info.run_id):
        assert mlflow.get_run(run.info.run_id).info.status == "RUNNING"
        mlflow.log_metric("loss", 0.5, step=2)
    kept = mlflow.get_run(run.info.run_id)
    assert kept.info.status == "FINISHED" and kept.data.metrics == {"loss": 0.5}


def nested():
    experiment = mlflow.set_experiment(fresh("nested"))
    with mlflow.start_run(run_name="parent") as parent:
        for depth in range(3):
            with mlflow.start_run(run_name=f"child {depth}", nested=True):
                mlflow.log_param("depth", depth)
    children = client.search_runs(
        [experiment.experiment_id], f"tags.mlflow.parentRunId = '{parent.info.run_id}'"
    )
    assert sorted(child.data.params["depth"] for child in children) == ["0", "1", "2"]
    assert mlflow.get_parent_run(children[0].info.run_id).info.run_id == parent.info.run_id


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
    refused("INVALID_PARAMETER_VALUE", lambda: client._tracking_client.store.create_run(number, "u", 1, [RunTag("mlflow.runName", "a")], "b"), "different values")


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
    refused("INVALID_PARAMETER_VALUE", lambda: client.log_param(run_id, "unicode", "other"), "Changing param values is not allowed", "The cause of this error is typically due to repeated calls")
    refused("INVALID_PARAMETER_VALUE", lambda: client.log_batch(run_id, params=[Param("unicode", "other"), Param("new", "1")]), "Changing param values is not allowed")
    assert "new" not in client.get_run(run_id).data.params, "a batch is kept whole or not at all"
    refused("INVALID_PARAMETER_VALUE", lambda: client.log_batch(run_id, params=[Param("twice", "1"), Param("twice", "1")]), "Duplicate parameter keys")
    for bad in ["a@b", "../a", "a/../b", "/a"]:
        refused("INVALID_PARAMETER_VALUE", lambda: client.log_metric(run_id, bad, 1), "Invalid value")
    refused("INVALID_PARAMETER_VALUE", lambda: client.log_metric(run_id, "m" * 251, 1), "250")


def histories():
    run_id = client.create_run(client.create_experiment(fresh("histories"))).info.run_id
    points = 30_000
    for start in range(0, points, 1_000):
        client.log_batch(run_id, metrics=[Metric("loss", 1 / (step + 1), 1_000 + step, step) for step in range(start, start + 1_000)])
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


def datasets():
    experiment = mlflow.set_experiment(fresh("datasets"))
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [0, 1, 0]})
    trained = mlflow.data.from_pandas(frame, source="https://example.org/train.csv", name="train", targets="y")
    with mlflow.start_run() as run:
        mlflow.log_input(trained, context="training", tags={"split": "a"})
        mlflow.log_input(mlflow.data.from_pandas(frame.head(2), name="test"), context="testing")
        mlflow.log_input(trained, context="training", tags={"split": "a"})
    inputs = mlflow.get_run(run.info.run_id).inputs.dataset_inputs
    kept = {one.dataset.name: one for one in inputs}
    assert len(inputs) == 2, "what is logged twice is used once"
    assert kept["train"].dataset.digest == trained.digest and kept["train"].dataset.source_type == "http"
    assert json.loads(kept["train"].dataset.profile)["num_rows"] == 3
    tags = {tag.key: tag.value for tag in kept["train"].tags}
    assert tags == {"mlflow.data.context": "training", "split": "a"}
    found = client.search_runs([experiment.experiment_id], "dataset.name = 'train' AND dataset.context = 'training'")
    assert [one.info.run_id for one in found] == [run.info.run_id]
    assert not client.search_runs([experiment.experiment_id], "dataset.name = 'nobody'")
    long = DatasetInput(Dataset("n" * 501, "d", "t", "s"), [InputTag("k", "v")])
    refused("INVALID_PARAMETER_VALUE", lambda: client.log_inputs(run.info.run_id, [long]), "'name' exceeds the maximum length of 500")


def search():
    number = client.create_experiment(fresh("search"))
    made = []
    for index in range(10):
        run = client.create_run(number, start_time=1_000 + index, run_name=f"run {index}", tags={"parity": "odd" if index % 2 else "even"})
        client.log_batch(run.info.run_id, metrics=[Metric("acc", index / 10, 1, 0)], params=[Param("depth", str(index))])
        made.append(run.info.run_id)

    def names(text="", **more):
        return [run.info.run_name for run in client.search_runs([number], text, **more)]

    assert names() == [f"run {index}" for index in reversed(range(10))], "newest first"
    assert names("metrics.acc > 0.75") == ["run 9", "run 8"]
    assert names("metrics.acc >= 0.7 and params.depth != '9'") == ["run 8", "run 7"]
    assert names("tags.parity = 'odd' AND metrics.acc < 0.4") == ["run 3", "run 1"]
    assert names("tags.parity LIKE 'o%' AND attributes.start_time <= 1003") == ["run 3", "run 1"]
    assert names("attributes.run_name ILIKE 'RUN 5'") == ["run 5"]
    assert names(f"attributes.run_id IN ('{made[2]}', '{made[4]}')") == ["run 4", "run 2"]
    assert names("params.depth = '1' OR (params.depth = '2' AND NOT tags.parity = 'odd')") == ["run 2", "run 1"]
    assert names(order_by=["metrics.acc ASC"], max_results=2) == ["run 0", "run 1"]
    assert names(order_by=["tags.parity DESC", "params.depth ASC"], max_results=2) == ["run 1", "run 3"]
    seen, token = [], None
    while True:
        page = client.search_runs([number], order_by=["metrics.acc DESC"], max_results=3, page_token=token)
        seen += [run.info.run_id for run in page]
        token = page.token
        if not token:
            break
    assert seen == list(reversed(made))
    refused("INVALID_PARAMETER_VALUE", lambda: names("metrics.acc >"))
    refused("INVALID_PARAMETER_VALUE", lambda: names("who.knows = 'x'"))
    refused("INVALID_PARAMETER_VALUE", lambda: names(max_results=123_456_789), "Invalid value 123456789 for parameter 'max_results' supplied")
    refused("INVALID_PARAMETER_VALUE", lambda: names(page_token="nonsense"), "Invalid page token")


def logged_models():
    experiment = mlflow.set_experiment(fresh("logged models"))
    model = mlflow.initialize_logged_model(name="mine", params={"depth": "3"}, tags={"team": "blue"}, model_type="tree")
    assert model.model_id.startswith("m-") and model.status == LoggedModelStatus.PENDING
    assert model.artifact_location.endswith(f"/{experiment.experiment_id}/models/{model.model_id}/artifacts")
    with mlflow.start_run() as run:
        frame = mlflow.data.from_pandas(pd.DataFrame({"x": [1]}), name="held out")
        mlflow.log_metric("acc", 0.5, model_id=model.model_id, dataset=frame)
        mlflow.log_outputs([mlflow.entities.LoggedModelOutput(model.model_id, step=3)]) if hasattr(mlflow, "log_outputs") else client.log_outputs(run.info.run_id, [mlflow.entities.LoggedModelOutput(model.model_id, step=3)])
    model = mlflow.finalize_logged_model(model.model_id, status="READY")
    kept = mlflow.get_logged_model(model.model_id)
    assert (kept.name, kept.model_type, kept.status) == ("mine", "tree", LoggedModelStatus.READY)
    assert kept.params == {"depth": "3"} and kept.tags["team"] == "blue"
    (metric,) = kept.metrics
    assert (metric.key, metric.value, metric.dataset_name, metric.run_id) == ("acc", 0.5, "held out", run.info.run_id)
    (output,) = mlflow.get_run(run.info.run_id).outputs.model_outputs
    assert (output.model_id, output.step) == (model.model_id, 3)
    mlflow.set_logged_model_tags(model.model_id, {"stage": "one"})
    mlflow.log_model_params({"rate": "0.1"}, model.model_id)
    kept = mlflow.get_logged_model(model.model_id)
    assert kept.tags["stage"] == "one" and kept.params == {"depth": "3", "rate": "0.1"}
    mlflow.delete_logged_model_tag(model.model_id, "stage")
    refused("RESOURCE_DOES_NOT_EXIST", lambda: mlflow.delete_logged_model_tag(model.model_id, "stage"))
    other = mlflow.initialize_logged_model(name="other")
    found = mlflow.search_logged_models([experiment.experiment_id], filter_string="name = 'mine'", output_format="list")
    assert [one.model_id for one in found] == [model.model_id]
    both = mlflow.search_logged_models([experiment.experiment_id], output_format="list", order_by=[{"field_name": "name", "ascending": False}])
    assert [one.name for one in both] == ["other", "mine"]
    client.delete_logged_model(other.model_id)
    refused("RESOURCE_DOES_NOT_EXIST", lambda: mlflow.get_logged_model(other.model_id), "not found")
    refused("INVALID_PARAMETER_VALUE", lambda: mlflow.initialize_logged_model(name="a/b"), "Invalid model name")


def autolog():
    from sklearn.datasets import load_iris
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV

    experiment = mlflow.set_experiment(fresh("autolog"))
    features, target = load_iris(return_X_y=True, as_frame=True)
    mlflow.sklearn.autolog()
    try:
        with mlflow.start_run() as run:
            LogisticRegression(max_iter=200).fit(features, target)
        # Each model that is logged costs the client seconds, to find out which packages it needs.
        mlflow.sklearn.autolog(log_models=False)
        with mlflow.start_run() as parent:
            GridSearchCV(LogisticRegression(max_iter=200), {"C": [0.1, 1.0]}, cv=2).fit(features, target)
    finally:
        mlflow.sklearn.autolog(disable=True)
    kept = mlflow.get_run(run.info.run_id)
    assert kept.data.params["max_iter"] == "200" and kept.data.metrics["training_accuracy_score"] > 0.9
    assert kept.data.tags["estimator_name"] == "LogisticRegression"
    assert kept.inputs.dataset_inputs and kept.outputs.model_outputs
    model = mlflow.get_logged_model(kept.outputs.model_outputs[0].model_id)
    assert model.status == LoggedModelStatus.READY
    loaded = mlflow.sklearn.load_model(f"models:/{model.model_id}")
    assert list(loaded.predict(features.head(3))) == [0, 0, 0]
    children = client.search_runs([experiment.experiment_id], f"tags.mlflow.parentRunId = '{parent.info.run_id}'")
    assert {child.data.params["C"] for child in children} == {"0.1", "1.0"}


def in_the_background():
    """Logging that does not wait: everything is there when the run ends."""
    mlflow.set_experiment(fresh("in the background"))
    mlflow.config.enable_async_logging()
    try:
        with mlflow.start_run() as run:
            for step in range(200):
                mlflow.log_metric("loss", 1 / (step + 1), step=step)
                mlflow.log_param(f"p{step}", step)
            mlflow.set_tag("t", "1")
    finally:
        mlflow.config.enable_async_logging(False)
    kept = mlflow.get_run(run.info.run_id)
    assert len(client.get_metric_history(run.info.run_id, "loss")) == 200
    assert len(kept.data.params) == 200 and kept.data.tags["t"] == "1"
    assert kept.info.status == "FINISHED"


def errors():
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_run("0" * 32), f"Run with id={'0' * 32} not found")
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_experiment("999999"), "No Experiment with id=999999 exists")
    refused("INVALID_PARAMETER_VALUE", lambda: client.get_experiment("abc"), "Experiment ID must be a valid integer")
    refused("INVALID_PARAMETER_VALUE", lambda: client.search_runs(["abc"]), "Invalid experiment ID 'abc'")
    refused("INVALID_PARAMETER_VALUE", lambda: client.create_experiment("n" * 501), "500")
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.create_run("999999"))
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.log_metric("0" * 32, "m", 1))
    refused("RESOURCE_DOES_NOT_EXIST", lambda: mlflow.get_logged_model("m-" + "0" * 32))


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


@contextlib.contextmanager
def variables(**changed):
    """The surroundings of a client, for a moment; None takes a variable away."""
    before = dict(os.environ)
    for name, value in changed.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def causeway(path, body):
    """Causeway's own API, for what MLflow has no call for."""
    answer = requests.post(
        os.environ["MLFLOW_TRACKING_URI"] + path,
        json=body,
        headers={"authorization": f"Bearer {os.environ['MLFLOW_TRACKING_TOKEN']}"},
        timeout=30,
    )
    answer.raise_for_status()
    return answer.json()


def rights():
    token = os.environ["MLFLOW_TRACKING_TOKEN"]
    run_id = client.create_run("0").info.run_id
    with variables(MLFLOW_TRACKING_TOKEN=None, MLFLOW_TRACKING_USERNAME="anybody", MLFLOW_TRACKING_PASSWORD=token):
        assert MlflowClient().get_run(run_id).info.run_id == run_id
    with variables(MLFLOW_TRACKING_TOKEN="cw_wrong"):
        refused("UNAUTHENTICATED", lambda: MlflowClient().get_run(run_id), "not valid")
    with variables(MLFLOW_TRACKING_TOKEN=None):
        refused("UNAUTHENTICATED", lambda: MlflowClient().get_run(run_id), "No token was sent")
    reader = causeway("/api/platform/tokens", {"name": "reader", "permissions": ["experiments:read"]})["secret"]
    with variables(MLFLOW_TRACKING_TOKEN=reader):
        assert MlflowClient().get_run(run_id).info.run_id == run_id
        refused("PERMISSION_DENIED", lambda: MlflowClient().log_metric(run_id, "m", 1), "experiments:write")
        refused("PERMISSION_DENIED", lambda: MlflowClient().search_registered_models(), "registry:read")
    project = f"lab-{uuid.uuid4().hex[:8]}"
    causeway("/api/platform/projects", {"name": project})
    with variables(MLFLOW_WORKSPACE=project):
        inside = MlflowClient().create_run("0").info.run_id
        assert MlflowClient().get_run(inside).info.run_id == inside
        MlflowClient().log_text(inside, "of the lab", "note.txt")
        assert mlflow.artifacts.load_text(f"runs:/{inside}/note.txt") == "of the lab"
        refused("RESOURCE_DOES_NOT_EXIST", lambda: MlflowClient().get_run(run_id))
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_run(inside))


def endpoints():
    """Each address of MLflow's own server is answered in JSON or bytes, or a JSON 404 says why it is not there."""
    from mlflow.server.handlers import get_endpoints

    headers = {"authorization": f"Bearer {os.environ['MLFLOW_TRACKING_TOKEN']}"}
    unknown, broken = [], []
    for path, _handler, methods in get_endpoints():
        for method in methods:
            url = os.environ["MLFLOW_TRACKING_URI"] + re.sub("<[^>]+>", "x", path)
            # Without any field: what is there says what it wants.
            body = {} if method in ("GET", "PUT") else {"json": {}}
            answer = requests.request(method, url, headers=headers, timeout=30, **body)
            if answer.status_code >= 500 and answer.status_code != 501:
                broken.append((method, path, answer.status_code, answer.text[:200]))
            elif answer.status_code in (404, 405) and answer.json()["error_code"] == "ENDPOINT_NOT_FOUND":
                if ": " not in answer.json()["message"]:
                    unknown.append((method, path))
    assert not broken, broken
    assert not unknown, unknown


CASES = [
    endpoints, rights, fluent, resumed, nested, experiments, runs, values, histories, datasets, search, logged_models, autolog, in_the_background, errors, writers,
]

if __name__ == "__main__":
    wanted = sys.argv[1:]
    for case in CASES:
        if wanted and case.__name__ not in wanted:
            continue
        began = time.monotonic()
        problem = None
        try:
            case()
        except BaseException:
            problem = traceback.format_exc()
        print(json.dumps({"case": case.__name__, "seconds": round(time.monotonic() - began, 2), "problem": problem}), flush=True)
