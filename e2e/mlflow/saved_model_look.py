"""A step that is handed the folder of another step and loads the model with MLflow."""

import mlflow
from causeway import step

folder = step.path("model")
loaded = mlflow.pyfunc.load_model(str(folder))
step.save("seen", {"inputs": loaded.metadata.signature.inputs.input_names(), "files": len(list(folder.rglob("*.*")))})
