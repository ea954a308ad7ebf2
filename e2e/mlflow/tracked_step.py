"""A step that knows MLflow only: what it logs belongs to the run that Causeway opened for it."""

import json
import os

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

with open(os.environ["CAUSEWAY_STEP"]) as file:
    foreign = json.load(file)["params"]["foreign"]
# The client takes the variable away once it has taken the run up.
opened = os.environ["MLFLOW_RUN_ID"]

mlflow.log_param("learner", "mlflow")
mlflow.log_metric("loss", 0.5, step=1)
mlflow.log_metric("loss", 0.25, step=2)
assert mlflow.active_run().info.run_id == opened
with mlflow.start_run(run_name="fold", nested=True):
    mlflow.log_metric("loss", 0.75)

try:
    MlflowClient().log_metric(foreign, "loss", 0)
except MlflowException as error:
    assert error.error_code == "PERMISSION_DENIED", error.error_code
else:
    raise AssertionError("a step wrote to a run that is not of its pipeline run")
