"""A training session as a notebook has it, through the MLflow client; prints the seconds from the first call to the last."""

import os
import tempfile
import time
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")

import mlflow
import mlflow.sklearn
import numpy as np
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression

mlflow.set_experiment("session")
x = np.random.default_rng(7).normal(size=(200, 4))
y = (x[:, 0] > 0).astype(int)
model = LogisticRegression().fit(x, y)
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "weights.bin")
    with open(path, "wb") as file:
        file.write(os.urandom(5_000_000))
    started = time.perf_counter()
    with mlflow.start_run():
        mlflow.log_params({f"p{i}": i for i in range(20)})
        mlflow.set_tags({f"t{i}": str(i) for i in range(10)})
        for epoch in range(200):
            mlflow.log_metrics({f"m{i}": 1 / (epoch + i + 1) for i in range(5)}, step=epoch)
        mlflow.log_artifact(path)
        # Requirements are given: to find them out, the client starts a Python of its own for seconds, whatever the server.
        signature = infer_signature(x, y)
        requirements = ["scikit-learn", "skops"]
        mlflow.sklearn.log_model(
            model, name="model", signature=signature, pip_requirements=requirements, registered_model_name="session"
        )
    mlflow.pyfunc.load_model("models:/session/latest").predict(x[:3])
    print(time.perf_counter() - started)
