"""Asks MLflow itself, with SQLite, and the server at MLFLOW_TRACKING_URI the same searches of the same data.

Prints one line of JSON per search: what was asked, and the names that each found, in order. Takes a folder for the SQLite file.
"""

import json
import math
import os
import sys

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, LoggedModelStatus, Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException

START = 1_700_000_000_000
RUNS = 24

peer = MlflowClient(f"sqlite:///{sys.argv[1]}/mlflow.db")
ours = MlflowClient(os.environ["MLFLOW_TRACKING_URI"])


def fill(client):
    """The same experiments, runs and models in either; answers the ids of the experiments."""
    experiments = [client.create_experiment(name, tags=tags) for name, tags in EXPERIMENTS]
    for i in range(RUNS):
        run = client.create_run(experiments[i % 2], start_time=START + i * 1000, run_name=f"run-{i:02}", tags=tags_of(i))
        auc = math.nan if i % 9 == 4 else (i * 7 % 10) / 10
        metrics = [Metric("auc", auc, START + i, 0)] if i % 5 else []
        metrics.append(Metric("a b", float(i), START, 0))
        params = [Param("depth", str(i % 4))] + ([Param("rare/one", "x")] if i == 7 else [])
        client.log_batch(run.info.run_id, metrics, params, [])
        if i % 6 == 0:
            dataset = Dataset("iris" if i else "wine", f"d{i % 4}", "local", "{}")
            context = InputTag("mlflow.data.context", "train" if i % 4 else "test")
            client.log_inputs(run.info.run_id, [DatasetInput(dataset, [context])])
        if i % 3:
            client.set_terminated(run.info.run_id, "FAILED" if i % 7 == 0 else "FINISHED", START + i * 1000 + 500)
        if i in (3, 8):
            client.delete_run(run.info.run_id)
    for i in range(8):
        model = client.create_logged_model(
            experiments[0], name=f"model-{i}", tags={"team": f"t{i % 3}"}, params={"k": str(i % 2)}, model_type="a" if i % 2 else "B"
        )
        holder = client.create_run(experiments[1], run_name=f"holder-{i}", start_time=START - 1000 * (i + 1))
        client.log_metric(holder.info.run_id, "score", (i * 5 % 8) / 8, timestamp=START, model_id=model.model_id)
        client.finalize_logged_model(model.model_id, LoggedModelStatus.READY)
    return experiments


EXPERIMENTS = [("search one", {"team": "risk", "k": "a%b"}), ("search two", {"team": "Fraud"}), ("other three", {})]


def tags_of(i):
    tags = {"team": ["risk", "Risk", "fraud"][i % 3]}
    if i % 4 == 1:
        tags["note.long"] = "100% of a_b" if i % 8 == 1 else "it's"
    if i == 5:
        tags["mlflow.parentRunId"] = "f" * 32
    return tags


FILTERS = [
    "",
    "metrics.auc > 0.5",
    "metric.auc >= 0.5",
    "metrics.auc != 0.5",
    "metrics.auc < 1e-1",
    "metrics.auc <= -1",
    "metrics.`a b` > 3 and metrics.`a b` < 9",
    'metrics."a b" = 4',
    "metrics.none > 0",
    "params.depth = '2'",
    "params.depth != '2'",
    "param.depth LIKE '%'",
    "parameters.depth ilike '1'",
    "params.`rare/one` = 'x'",
    "params.`rare/one` != 'x'",
    "params.`rare/one` IS NULL",
    "params.`rare/one` is not null",
    "tags.team = 'risk'",
    "tags.team != 'risk'",
    "tags.team LIKE 'r%'",
    "tags.team ILIKE 'r%'",
    "tag.team LIKE '_isk'",
    "tags.`note.long` != 'x'",
    "tags.note.long LIKE '%a_b'",
    'tags.`note.long` = "it\'s"',
    "tags.`note.long` IS NULL",
    "tags.mlflow.parentRunId = 'ffffffffffffffffffffffffffffffff'",
    "status = 'FINISHED'",
    "attributes.status != 'FINISHED'",
    "attribute.status LIKE 'F%'",
    "attr.run_name = 'run-03'",
    "run.run_name LIKE 'run-1_'",
    "attributes.`Run name` ILIKE 'RUN-0%'",
    "run_name != 'run-04'",
    f"start_time > {START + 5000}",
    f"attributes.created <= {START + 5000}",
    f"start_time != {START}",
    f"end_time < {START + 9000}",
    f"end_time >= {START} and status = 'FAILED'",
    "user_id != 'nobody'",
    "artifact_uri LIKE '%nowhere%'",
    "dataset.name = 'iris'",
    "dataset.name != 'iris'",
    "datasets.digest LIKE 'd%'",
    "dataset.context = 'train'",
    "dataset.name IN ('iris', 'wine') AND dataset.context NOT IN ('test')",
    "metrics.auc > 0.2 AND params.depth = '1' AND tags.team = 'risk'",
    "run_id IN ('ffffffffffffffffffffffffffffffff')",
    "run_id NOT IN ('ffffffffffffffffffffffffffffffff')",
]
ORDERS = [
    ["start_time ASC"],
    ["attributes.start_time DESC"],
    ["metrics.auc"],
    ["metrics.auc DESC"],
    ["metrics.`a b` DESC"],
    ["metrics.none"],
    ["params.depth"],
    ["params.depth DESC", "metrics.auc ASC"],
    ["params.`rare/one`"],
    ["tags.team", "start_time"],
    ["tags.`note.long` DESC"],
    ["status", "attributes.start_time ASC"],
    ["end_time"],
    ["end_time DESC"],
    ["Created"],
    ["run_name DESC"],
]
REFUSED = [
    "metrics.auc > 'x'",
    "params.depth > '1'",
    "params.depth = 1",
    "nothing = 'x'",
    "metrix.a = 1",
    "status",
    "metrics.auc >",
    "metrics.auc == 1",
    "dataset.size = 'x'",
    "start_time = 'x'",
]
OF_EXPERIMENTS = [
    ("", None),
    ("name LIKE 'search%'", ["name"]),
    ("name ILIKE 'SEARCH%'", ["name DESC"]),
    ("attribute.name != 'search one'", ["name"]),
    ("tags.team = 'risk'", ["name"]),
    ("tag.team ILIKE 'f%'", ["name"]),
    ("tags.`k` = 'a%b'", ["name"]),
    ("tags.team IS NULL", ["name"]),
    ("creation_time > 0 AND last_update_time > 0", ["name"]),
    ("name LIKE 'search%'", ["experiment_id DESC"]),
]
OF_MODELS = [
    ("", None),
    ("name = 'model-3'", None),
    ("name LIKE 'model-%' AND params.k = '1'", None),
    ("tags.team != 't1'", None),
    ("metrics.score > 0.3", [{"field_name": "metrics.score"}]),
    ("", [{"field_name": "metrics.score", "ascending": False}]),
    ("", [{"field_name": "name", "ascending": False}]),
    ("model_type = 'B'", None),
    ("model_type IN ('a', 'c')", [{"field_name": "creation_time"}]),
    ("creation_timestamp > 0", [{"field_name": "name"}]),
]


def runs(client, ids, **asked):
    return pages(lambda token: client.search_runs(ids, page_token=token, **asked), lambda run: run.info.run_name)


def pages(search, name):
    """Every name, page by page; the code of a refusal in place of names."""
    names, token = [], None
    try:
        while True:
            page = search(token)
            names += [name(one) for one in page]
            token = page.token
            if not token:
                return names
    except MlflowException as error:
        return error.error_code


def compare(asked, peers, own):
    print(json.dumps({"asked": asked, "peer": peers, "own": own}), flush=True)


both = [(client, fill(client)) for client in (peer, ours)]
for text in FILTERS:
    compare(text, *[runs(client, ids, filter_string=text, max_results=7) for client, ids in both])
for order in ORDERS:
    compare(order, *[runs(client, ids, order_by=order, max_results=5) for client, ids in both])
    combined = "metrics.`a b` > 2 and tags.team LIKE '%r%'"
    compare([combined, order], *[runs(client, ids, filter_string=combined, order_by=order, max_results=4) for client, ids in both])
for view in (ViewType.DELETED_ONLY, ViewType.ALL):
    compare(f"view {view}", *[runs(client, ids, run_view_type=view) for client, ids in both])
for text in REFUSED:
    compare(text, *[runs(client, ids, filter_string=text) for client, ids in both])
for text, order in OF_EXPERIMENTS:
    asked = {"filter_string": f"{text}{' AND ' if text else ''}name != 'Default'", "order_by": order, "max_results": 2}
    compare(
        ["experiments", text, order],
        *[
            pages(lambda token, c=client: c.search_experiments(page_token=token, **asked), lambda one: one.name)
            for client, _ in both
        ],
    )
for text, order in OF_MODELS:
    asked = {"filter_string": text or None, "order_by": order, "max_results": 3}
    compare(
        ["models", text, order],
        *[
            pages(lambda token, c=client, i=ids: c.search_logged_models(i, page_token=token, **asked), lambda one: one.name)
            for client, ids in both
        ],
    )
