"""What the unmodified MLflow client does with a model registry; each function is one case.

Runs every case against MLFLOW_TRACKING_URI and prints one line of JSON per case: its name, and its traceback or null.
"""

import base64
import hashlib
import hmac
import json
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import mlflow
import numpy as np
from cases import fresh, refused, run_cases
from mlflow import MlflowClient
from mlflow.entities.webhook import WebhookEvent, WebhookStatus
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression

client = MlflowClient()
ROWS = np.array([[0.0, 1.0], [1.0, 0.0], [0.2, 0.9], [0.8, 0.1]])
LABELS = np.array([0, 1, 0, 1])


def logged(registered=None):
    """A run that logged a small classifier; with a name it is registered too."""
    model = LogisticRegression().fit(ROWS, LABELS)
    with mlflow.start_run() as run:
        mlflow.log_param("penalty", "l2")
        info = mlflow.sklearn.log_model(
            model,
            name="model",
            signature=infer_signature(ROWS, LABELS),
            input_example=ROWS[:2],
            pip_requirements=["scikit-learn"],
            registered_model_name=registered,
        )
    return run, info, model


def registered():
    name = fresh("churn")
    run, info, model = logged(name)
    version = client.get_model_version(name, "1")
    assert (version.status, version.run_id) == ("READY", run.info.run_id)
    assert version.source == f"models:/{info.model_id}"
    for uri in (f"models:/{name}/1", f"models:/{name}/latest", info.model_uri):
        answers = mlflow.pyfunc.load_model(uri).predict(ROWS)
        assert list(answers) == list(model.predict(ROWS)), uri
    tag = json.loads(client.get_logged_model(info.model_id).tags["mlflow.modelVersions"])
    assert {(one["name"], int(one["version"])) for one in tag} == {(name, 1)}
    second = mlflow.register_model(f"runs:/{run.info.run_id}/model", name)
    third = mlflow.register_model(info.model_uri, name, tags={"why": "again"})
    assert (int(second.version), int(third.version)) == (2, 3)
    assert client.get_model_version(name, "3").tags == {"why": "again"}


def files():
    name = fresh("files")
    _, info, _ = logged(name)
    uri = client.get_model_version_download_uri(name, "1")
    before = mlflow.artifacts.download_artifacts(f"models:/{name}/1")
    kept = {path.relative_to(before).as_posix(): path.read_bytes() for path in Path(before).rglob("*") if path.is_file()}
    assert "MLmodel" in kept and "requirements.txt" in kept, sorted(kept)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "requirements.txt").write_text("something-else")
        client.log_model_artifacts(info.model_id, folder)
    assert client.get_model_version_download_uri(name, "1") == uri
    again = mlflow.artifacts.download_artifacts(f"models:/{name}/1", dst_path=tempfile.mkdtemp())
    assert (Path(again) / "requirements.txt").read_bytes() == kept["requirements.txt"]
    listed = {entry.path for entry in mlflow.artifacts.list_artifacts(f"models:/{name}/1")}
    assert "MLmodel" in listed, listed


def models():
    name = fresh("named")
    made = client.create_registered_model(name, tags={"team": "growth"}, description="who leaves")
    assert (made.name, made.tags, made.description, made.latest_versions) == (name, {"team": "growth"}, "who leaves", [])
    refused("RESOURCE_ALREADY_EXISTS", lambda: client.create_registered_model(name), f"(name={name}) already exists")
    refused("INVALID_PARAMETER_VALUE", lambda: client.create_registered_model("a/b"))
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_registered_model(fresh("nobody")), "not found")
    client.set_registered_model_tag(name, "stage", "trial")
    client.delete_registered_model_tag(name, "team")
    client.delete_registered_model_tag(name, "never")
    assert client.get_registered_model(name).tags == {"stage": "trial"}
    assert client.update_registered_model(name, "other words").description == "other words"
    other = fresh("renamed")
    _, info, _ = logged()
    client.create_model_version(name, info.model_uri, model_id=info.model_id)
    client.set_registered_model_alias(name, "best", 1)
    client.rename_registered_model(name, other)
    assert client.get_registered_model(other).description == "other words"
    assert client.get_model_version_by_alias(other, "best").version == "1"
    assert mlflow.pyfunc.load_model(f"models:/{other}@best").predict(ROWS).shape == (4,)
    client.delete_registered_model(other)
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_registered_model(other))


def aliases():
    name = fresh("aliased")
    _, info, _ = logged(name)
    client.create_model_version(name, info.model_uri, model_id=info.model_id)
    client.set_registered_model_alias(name, "Champion_1", 1)
    client.set_registered_model_alias(name, "Champion_1", "2")
    assert client.get_model_version_by_alias(name, "Champion_1").version == "2"
    assert client.get_registered_model(name).aliases == {"Champion_1": "2"}
    assert client.get_model_version(name, "2").aliases == ["Champion_1"]
    refused("INVALID_PARAMETER_VALUE", lambda: client.get_model_version_by_alias(name, "nobody"), "alias nobody not found")
    refused("INVALID_PARAMETER_VALUE", lambda: client.set_registered_model_alias(name, "latest", 1), "reserved")
    refused("INVALID_PARAMETER_VALUE", lambda: client.set_registered_model_alias(name, "v3", 1), "reserved")
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.set_registered_model_alias(name, "best", 9), "version=9) not found")
    client.delete_model_version(name, "2")
    refused("INVALID_PARAMETER_VALUE", lambda: client.get_model_version_by_alias(name, "Champion_1"))
    assert client.get_registered_model(name).aliases == {}
    client.delete_registered_model_alias(name, "Champion_1")
    again = client.create_model_version(name, info.model_uri, model_id=info.model_id)
    assert again.version == "3", again.version


def stages():
    name = fresh("staged")
    _, info, _ = logged(name)
    for _ in range(2):
        client.create_model_version(name, info.model_uri, model_id=info.model_id)
    client.transition_model_version_stage(name, "1", "Production")
    moved = client.transition_model_version_stage(name, "2", "production", archive_existing_versions=True)
    assert moved.current_stage == "Production"
    newest = {version.current_stage: version.version for version in client.get_latest_versions(name)}
    assert newest == {"Archived": "1", "Production": "2", "None": "3"}, newest
    assert [one.version for one in client.get_latest_versions(name, ["Production"])] == ["2"]
    assert mlflow.pyfunc.load_model(f"models:/{name}/Production").predict(ROWS).shape == (4,)
    refused("INVALID_PARAMETER_VALUE", lambda: client.transition_model_version_stage(name, "1", "Retired"))


def versions():
    name = fresh("versions")
    run, info, _ = logged(name)
    client.update_model_version(name, "1", "the first")
    client.set_model_version_tag(name, "1", "rows", "4")
    client.set_model_version_tag(name, "1", "gone", "x")
    client.delete_model_version_tag(name, "1", "gone")
    client.delete_model_version_tag(name, "1", "never")
    version = client.get_model_version(name, "1")
    assert (version.description, version.tags) == ("the first", {"rows": "4"})
    copy = client.copy_model_version(f"models:/{name}/1", fresh("copied"))
    assert (copy.version, copy.run_id, copy.tags) == ("1", run.info.run_id, {"rows": "4"})
    assert copy.source == f"models:/{name}/1"
    assert mlflow.pyfunc.load_model(f"models:/{copy.name}/1").predict(ROWS).shape == (4,)
    found = client.search_model_versions(f"run_id = '{run.info.run_id}' AND tags.rows = '4'")
    assert sorted((one.name, one.version) for one in found) == sorted([(name, "1"), (copy.name, "1")])
    either = client.search_model_versions(f"name = '{name}' OR name = '{copy.name}'", order_by=["name DESC"])
    assert [one.name for one in either] == sorted([name, copy.name], reverse=True)
    prefix = fresh("page")
    for number in range(5):
        client.create_registered_model(f"{prefix}-{number}")
    page = client.search_registered_models(f"name LIKE '{prefix}%'", max_results=3)
    rest = client.search_registered_models(f"name LIKE '{prefix}%'", max_results=3, page_token=page.token)
    assert [one.name for one in [*page, *rest]] == [f"{prefix}-{number}" for number in range(5)]
    assert not rest.token
    refused("INVALID_PARAMETER_VALUE", lambda: client.search_registered_models("colour = 'red'"))


def sources():
    name = fresh("sources")
    client.create_registered_model(name)
    run, _, _ = logged()
    other, _, _ = logged()
    for source in (
        "file:///etc",
        "/etc/passwd",
        "mlflow-artifacts:/0/../../etc",
        f"mlflow-artifacts:/0/{other.info.run_id}/artifacts/model",
        f"{run.info.artifact_uri}/%2e%2e/%2e%2e/secret",
        f"{run.info.artifact_uri}/model?x=../..",
    ):
        refused("INVALID_PARAMETER_VALUE", lambda: client.create_model_version(name, source, run.info.run_id), "Invalid model version source")
    kept = client.create_model_version(name, "s3://bucket/model")
    assert client.get_model_version_download_uri(name, kept.version) == "s3://bucket/model"


def prompts():
    name = fresh("greeting")
    first = mlflow.genai.register_prompt(name, "Hello {{who}}", commit_message="first", tags={"tone": "warm"})
    assert first.version == 1
    mlflow.genai.register_prompt(name, [{"role": "user", "content": "Hello {{who}}, {{what}}"}])
    client.set_prompt_alias(name, "best", 1)
    for uri in (f"prompts:/{name}/1", f"prompts:/{name}@best"):
        assert mlflow.genai.load_prompt(uri).format(who="Mai") == "Hello Mai", uri
    assert mlflow.genai.load_prompt(f"prompts:/{name}@latest").version == 2
    assert name in {prompt.name for prompt in mlflow.genai.search_prompts(f"name = '{name}'")}
    assert not client.search_registered_models(f"name = '{name}'")
    refused("RESOURCE_ALREADY_EXISTS", lambda: client.create_registered_model(name), "prompt")


class Receiver:
    """A listener on this machine that keeps what it is sent."""

    def __init__(self):
        received = self.received = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                received.append((dict(self.headers), body))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"thank you")

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait(self, count):
        until = time.monotonic() + 10
        while len(self.received) < count:
            assert time.monotonic() < until, f"{len(self.received)} messages, not {count}"
            time.sleep(0.02)
        return [{**json.loads(body), "headers": headers, "body": body} for headers, body in self.received]


def webhooks():
    receiver = Receiver()
    secret = "shared secret"
    names = ["registered_model.created", "model_version.created", "model_version_tag.set", "model_version_alias.created"]
    events = [WebhookEvent.from_str(name) for name in names]
    hook = client.create_webhook("ci", receiver.url, events, description="builds", secret=secret)
    assert (hook.name, hook.url, hook.description, hook.status) == ("ci", receiver.url, "builds", WebhookStatus.ACTIVE)
    assert [str(event) for event in client.get_webhook(hook.webhook_id).events] == names
    assert client.test_webhook(hook.webhook_id).response_status == 200
    receiver.wait(1)
    receiver.received.clear()
    name = fresh("told")
    _, info, _ = logged(name)
    client.set_model_version_tag(name, "1", "k", "v")
    client.set_registered_model_alias(name, "best", 1)
    messages = {f"{one['entity']}.{one['action']}": one for one in receiver.wait(4)}
    assert sorted(messages) == sorted(names), sorted(messages)
    assert messages["model_version.created"]["data"]["source"] == info.model_uri
    assert messages["model_version_tag.set"]["data"] == {"name": name, "version": "1", "key": "k", "value": "v"}
    for message in messages.values():
        headers = {key.lower(): value for key, value in message["headers"].items()}
        signed = f"{headers['x-mlflow-delivery-id']}.{headers['x-mlflow-timestamp']}.{message['body']}"
        digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
        expected = "v1," + base64.b64encode(digest).decode()
        assert hmac.compare_digest(headers["x-mlflow-signature"], expected)
    off = client.update_webhook(hook.webhook_id, status=WebhookStatus.DISABLED, name="ci-off")
    assert (off.name, off.status) == ("ci-off", WebhookStatus.DISABLED)
    assert hook.webhook_id in {one.webhook_id for one in client.list_webhooks()}
    client.delete_webhook(hook.webhook_id)
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_webhook(hook.webhook_id))
    refused("INVALID_PARAMETER_VALUE", lambda: client.create_webhook("-", receiver.url, events))


if __name__ == "__main__":
    mlflow.set_experiment(fresh("registry"))
    run_cases([registered, files, models, aliases, stages, versions, sources, prompts, webhooks])
