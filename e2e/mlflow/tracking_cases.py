"""What notebooks and training jobs do with the unmodified MLflow client; each function is one case."""

import json
import os
import re
import uuid

import mlflow
import pandas as pd
import requests
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, LoggedModelOutput, LoggedModelStatus, Metric, Param

from cases import fresh, refused, run_cases, variables

client = MlflowClient()


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
    too_many = "Invalid value 123456789 for parameter 'max_results' supplied"
    refused("INVALID_PARAMETER_VALUE", lambda: names(max_results=123_456_789), too_many)
    refused("INVALID_PARAMETER_VALUE", lambda: names(page_token="nonsense"), "Invalid page token")


def logged_models():
    experiment = mlflow.set_experiment(fresh("logged models"))
    model = mlflow.initialize_logged_model(name="mine", params={"depth": "3"}, tags={"team": "blue"}, model_type="tree")
    assert model.model_id.startswith("m-") and model.status == LoggedModelStatus.PENDING
    assert model.artifact_location.endswith(f"/{experiment.experiment_id}/models/{model.model_id}/artifacts")
    with mlflow.start_run() as run:
        frame = mlflow.data.from_pandas(pd.DataFrame({"x": [1]}), name="held out")
        mlflow.log_metric("acc", 0.5, model_id=model.model_id, dataset=frame)
        client.log_outputs(run.info.run_id, [LoggedModelOutput(model.model_id, step=3)])
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
    backwards = [{"field_name": "name", "ascending": False}]
    both = mlflow.search_logged_models([experiment.experiment_id], output_format="list", order_by=backwards)
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


if __name__ == "__main__":
    run_cases(
        [endpoints, rights, fluent, resumed, nested, datasets, search, logged_models, autolog, in_the_background]
    )
