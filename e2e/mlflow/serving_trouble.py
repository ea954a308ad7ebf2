"""Registers a model that is no good, as somebody careless or worse would: `serving_trouble.py <what> <marker file>`."""

import os
import sys

import mlflow

WHAT, MARKER = sys.argv[1:]


class Evil(mlflow.pyfunc.PythonModel):
    """Its pickle runs a command wherever it is loaded."""

    def __reduce__(self):
        return os.system, (f"touch {MARKER}",)

    def predict(self, context, model_input, params=None):
        return model_input


class Fine(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input["a"] * 2


requirements = ["mlflow==" + mlflow.__version__]
if WHAT == "lacking":
    requirements.append("causeway-has-no-such-package==1.0")
mlflow.pyfunc.log_model(
    name="model",
    python_model=Evil() if WHAT == "evil" else Fine(),
    registered_model_name=WHAT,
    pip_requirements=requirements,
)
