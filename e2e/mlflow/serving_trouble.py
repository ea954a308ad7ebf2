"""Registers a small model, or one that is no good, as somebody careless or worse would: `serving_trouble.py <what> <marker file>`."""

import os
import sys

from importlib.metadata import version

import mlflow
import pandas as pd

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
example = None
if WHAT == "small":
    # Little enough to be installed in a test, and one package that no other Python has.
    requirements = ["mlflow-skinny==" + mlflow.__version__, "cloudpickle==" + version("cloudpickle")]
    requirements += ["numpy==" + version("numpy"), "pandas==" + version("pandas"), "colorama==0.4.6"]
    example = pd.DataFrame({"a": [1.5, 2.5]})
if WHAT == "lacking":
    requirements.append("causeway-has-no-such-package==1.0")
mlflow.pyfunc.log_model(
    name="model",
    python_model=Evil() if WHAT == "evil" else Fine(),
    registered_model_name=WHAT,
    input_example=example,
    pip_requirements=requirements,
)
