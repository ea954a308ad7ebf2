"""What the unmodified MLflow client does with files; each function is one case.

Runs every case against MLFLOW_TRACKING_URI and prints one line of JSON per case: its name, and its traceback or null.
"""

import hashlib
import os
import tempfile
import urllib.request

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import mlflow
import numpy as np
import pandas as pd
from cases import run_cases
from mlflow import MlflowClient
from mlflow.artifacts import download_artifacts, load_dict, load_text
from mlflow.exceptions import MlflowException

client = MlflowClient()
MEGABYTE = 1 << 20


def written(folder, name, content):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)
    return path


def digest(path):
    sha = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(MEGABYTE):
            sha.update(piece)
    return sha.hexdigest()


def listed(run, path=None):
    return {(one.path, one.is_dir, one.file_size) for one in client.list_artifacts(run, path)}


def sizes():
    """Nothing, one byte and 300 MB come back byte for byte."""
    with mlflow.start_run() as run, tempfile.TemporaryDirectory() as folder:
        for name, size in (("none", 0), ("one", 1), ("large", 300 * MEGABYTE)):
            path = written(folder, name, os.urandom(size))
            mlflow.log_artifact(path, "sizes")
            assert ("sizes/" + name, False, size) in listed(run.info.run_id, "sizes")
            copy = download_artifacts(run_id=run.info.run_id, artifact_path=f"sizes/{name}", dst_path=folder + "/back")
            assert digest(copy) == digest(path), name


def folders():
    """A folder is logged with what is in it, listed level by level, and downloaded whole."""
    with mlflow.start_run() as run, tempfile.TemporaryDirectory() as folder:
        for name in ("a.txt", "b/c.txt", "b/d/e.txt", "ü ö/blank name.txt"):
            written(folder, "tree/" + name, name.encode())
        mlflow.log_artifacts(folder + "/tree", "tree")
        run_id = run.info.run_id
        assert listed(run_id) == {("tree", True, None)}
        assert listed(run_id, "tree") == {("tree/a.txt", False, 5), ("tree/b", True, None), ("tree/ü ö", True, None)}
        assert listed(run_id, "tree/a.txt") == set()
        assert listed(run_id, "nowhere") == set()
        back = download_artifacts(run_id=run_id, artifact_path="tree", dst_path=folder + "/back")
        with open(back + "/b/d/e.txt") as file:
            assert file.read() == "b/d/e.txt"


def kinds():
    """Text, JSON, figures, images and tables are logged and read back."""
    with mlflow.start_run() as run:
        run_id = run.info.run_id
        uri = f"runs:/{run_id}"
        mlflow.log_text("<b>ü</b>", "page.html")
        assert load_text(uri + "/page.html") == "<b>ü</b>"
        mlflow.log_text("second", "page.html")
        assert load_text(uri + "/page.html") == "second"
        mlflow.log_dict({"a": [1, {"b": None}]}, "facts/what.json")
        assert load_dict(uri + "/facts/what.json") == {"a": [1, {"b": None}]}
        figure, axes = plt.subplots()
        axes.plot([0, 1], [1, 0])
        mlflow.log_figure(figure, "curve.png")
        mlflow.log_image(np.zeros((8, 8, 3), dtype=np.uint8), "black.png")
        assert mlflow.artifacts.load_image(uri + "/black.png").size == (8, 8)
        frame = pd.DataFrame({"x": [1, 2], "y": ["a", "b"]})
        mlflow.log_table(frame, "table.json")
        mlflow.log_table(frame, "table.json")
        assert len(mlflow.load_table("table.json", run_ids=[run_id])) == 4


def parts():
    """A large file comes in parts, in any order and several at once."""
    os.environ["MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE"] = str(5 * MEGABYTE)
    os.environ["MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE"] = str(5 * MEGABYTE)
    try:
        with mlflow.start_run() as run, tempfile.TemporaryDirectory() as folder:
            path = written(folder, "in parts.bin", os.urandom(23 * MEGABYTE + 17))
            mlflow.log_artifact(path, "deep/er")
            mlflow.log_artifact(path)
            for where in ("deep/er/in parts.bin", "in parts.bin"):
                copy = download_artifacts(run_id=run.info.run_id, artifact_path=where, dst_path=folder + "/back")
                assert digest(copy) == digest(path)
    finally:
        del os.environ["MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE"]
        del os.environ["MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE"]


def ranges():
    """A range is what it is of the whole, across the blocks that are verified one by one."""
    content = os.urandom(3 * MEGABYTE + 5)
    with mlflow.start_run() as run, tempfile.TemporaryDirectory() as folder:
        mlflow.log_artifact(written(folder, "blocks.bin", content))
    root = f"{os.environ['MLFLOW_TRACKING_URI']}/api/2.0/mlflow-artifacts/artifacts/"
    address = root + run.info.artifact_uri.removeprefix("mlflow-artifacts:/") + "/blocks.bin"
    token = {"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"]}
    for start, end in ((0, 0), (MEGABYTE - 1, MEGABYTE), (5, 3 * MEGABYTE), (3 * MEGABYTE, 3 * MEGABYTE + 4)):
        request = urllib.request.Request(address, headers={**token, "Range": f"bytes={start}-{end}"})
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 206
            assert answer.headers["content-range"] == f"bytes {start}-{end}/{len(content)}"
            assert answer.headers["content-disposition"].startswith("attachment")
            assert answer.read() == content[start : end + 1], (start, end)


def deletion():
    """Files and folders are deleted; what is not there can be deleted too."""
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    with mlflow.start_run() as run:
        for name in ("keep.txt", "gone.txt", "folder/a.txt", "folder/b/c.txt"):
            mlflow.log_text(name, name)
    repository = get_artifact_repository(run.info.artifact_uri)
    repository.delete_artifacts("gone.txt")
    repository.delete_artifacts("folder")
    repository.delete_artifacts("never.txt")
    assert listed(run.info.run_id) == {("keep.txt", False, 8)}
    try:
        load_text(f"runs:/{run.info.run_id}/gone.txt")
    except MlflowException:
        return
    except Exception as error:
        assert "404" in str(error) or "gone.txt" in str(error), error
        return
    raise AssertionError("a deleted file was read")


def clashes():
    """A file cannot be where a folder is, nor a folder where a file is; nothing is lost by trying."""
    with mlflow.start_run() as run:
        mlflow.log_text("a file", "place")
        mlflow.log_text("in a folder", "folder/inside")
        for path in ("place/below", "folder"):
            try:
                mlflow.log_text("?", path)
            except Exception as error:
                assert "400" in str(error), error
            else:
                raise AssertionError(f"{path} was taken")
        assert load_text(f"runs:/{run.info.run_id}/place") == "a file"
        assert load_text(f"runs:/{run.info.run_id}/folder/inside") == "in a folder"



if __name__ == "__main__":
    mlflow.set_experiment("files")
    run_cases([sizes, folders, kinds, parts, ranges, deletion, clashes])
