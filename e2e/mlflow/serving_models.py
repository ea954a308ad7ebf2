"""Logs and registers a model of each flavour, as a notebook would, and prints what MLflow itself answers with each.

Usage: serving_models.py <name>...   names of the models to log; the last line of standard output is JSON by name.
"""

import json
import sys

import mlflow
import numpy as np
import pandas as pd
from mlflow.models import infer_signature
from mlflow.pyfunc.scoring_server import _get_jsonable_obj
from mlflow.utils.proto_json_utils import NumpyEncoder
from sklearn.datasets import load_diabetes, load_iris

IRIS, SPECIES = load_iris(return_X_y=True, as_frame=True)
NAMED = IRIS.rename(columns=lambda name: name.replace(" (cm)", "").replace(" ", "_"))
MATRIX = NAMED.to_numpy(dtype=np.float32)
NAMES = np.array(["setosa", "versicolor", "virginica"])


def pinned(*packages):
    from importlib.metadata import version

    return [f"{name}=={version(name)}" for name in ("mlflow", *packages)]


def sklearn_labels():
    from sklearn.ensemble import RandomForestClassifier

    model = RandomForestClassifier(20, random_state=1).fit(NAMED, NAMES[SPECIES])
    mlflow.sklearn.log_model(
        model,
        name="model",
        signature=infer_signature(NAMED, NAMES[SPECIES]),
        input_example=NAMED.head(4),
        registered_model_name="sklearn-labels",
        serialization_format="cloudpickle",
        pip_requirements=pinned("scikit-learn", "cloudpickle"),
    )
    return NAMED


def sklearn_amount():
    from sklearn.linear_model import Ridge

    x, y = load_diabetes(return_X_y=True)
    model = Ridge().fit(x, y)
    mlflow.sklearn.log_model(
        model,
        name="model",
        input_example=x[:4],
        registered_model_name="sklearn-amount",
        pip_requirements=pinned("scikit-learn", "skops"),
    )
    return x


def xgboost():
    from xgboost import XGBClassifier

    model = XGBClassifier(n_estimators=10, n_jobs=1).fit(NAMED, SPECIES)
    mlflow.xgboost.log_model(
        model,
        name="model",
        input_example=NAMED.head(4),
        registered_model_name="xgboost",
        pip_requirements=pinned("xgboost", "scikit-learn"),
    )
    return NAMED


def lightgbm():
    import lightgbm

    data = lightgbm.Dataset(NAMED, label=(SPECIES == 2).astype(int))
    model = lightgbm.train({"objective": "binary", "num_threads": 1, "verbose": -1, "seed": 1}, data, 10)
    mlflow.lightgbm.log_model(
        model,
        name="model",
        signature=infer_signature(NAMED, model.predict(NAMED)),
        input_example=NAMED.head(4),
        registered_model_name="lightgbm",
        pip_requirements=pinned("lightgbm"),
    )
    return NAMED


def pytorch():
    import torch

    torch.manual_seed(1)
    model = torch.nn.Sequential(torch.nn.Linear(4, 5), torch.nn.ReLU(), torch.nn.Linear(5, 3))
    mlflow.pytorch.log_model(
        model,
        name="model",
        signature=infer_signature(MATRIX, model(torch.from_numpy(MATRIX)).detach().numpy()),
        input_example=MATRIX[:4],
        registered_model_name="pytorch",
        serialization_format="pickle",
        pip_requirements=pinned("torch"),
    )
    return MATRIX


def keras():
    import keras as library

    library.utils.set_random_seed(1)
    model = library.Sequential(
        [library.Input((4,)), library.layers.Dense(6, activation="relu"), library.layers.Dense(3, activation="softmax")]
    )
    model.compile(loss="sparse_categorical_crossentropy")
    mlflow.tensorflow.log_model(
        model,
        name="model",
        signature=infer_signature(MATRIX, model.predict(MATRIX, verbose=0)),
        input_example=MATRIX[:4],
        registered_model_name="keras",
        pip_requirements=pinned("tensorflow-cpu", "keras"),
    )
    return MATRIX


def onnx():
    from skl2onnx import to_onnx
    from sklearn.linear_model import LinearRegression

    model = LinearRegression().fit(MATRIX, SPECIES)
    mlflow.onnx.log_model(
        to_onnx(model, MATRIX[:1]),
        name="model",
        signature=infer_signature(MATRIX, {"variable": model.predict(MATRIX).reshape(-1, 1).astype(np.float32)}),
        input_example=MATRIX[:4],
        registered_model_name="onnx",
        pip_requirements=pinned("onnx", "onnxruntime"),
    )
    return MATRIX


class Priced(mlflow.pyfunc.PythonModel):
    """Answers with records, and takes a parameter."""

    def predict(self, context, model_input, params=None):
        factor = (params or {}).get("factor", 1.0)
        price = model_input["sepal_length"] * factor
        return pd.DataFrame({"price": price, "kind": ["long" if one > 6 else "short" for one in price]})


def pyfunc():
    answer = Priced().predict(None, NAMED.head(4))
    mlflow.pyfunc.log_model(
        name="model",
        python_model=Priced(),
        signature=infer_signature(NAMED, answer, params={"factor": 1.0}),
        input_example=(NAMED.head(4), {"factor": 1.0}),
        registered_model_name="pyfunc",
        pip_requirements=pinned("pandas", "cloudpickle"),
    )
    return NAMED


MODELS = {
    "sklearn-labels": sklearn_labels,
    "sklearn-amount": sklearn_amount,
    "xgboost": xgboost,
    "lightgbm": lightgbm,
    "pytorch": pytorch,
    "keras": keras,
    "onnx": onnx,
    "pyfunc": pyfunc,
}


def body_of(rows):
    if isinstance(rows, pd.DataFrame):
        return {"dataframe_split": rows.to_dict(orient="split")}
    return {"inputs": rows.tolist()}


def main():
    told = {}
    for name in sys.argv[1:]:
        with mlflow.start_run():
            rows = MODELS[name]()[40:70]
        model = mlflow.pyfunc.load_model(f"models:/{name}/1")
        expected = _get_jsonable_obj(model.predict(rows), pandas_orient="records")
        told[name] = {"body": body_of(rows), "expected": expected}
    print(json.dumps(told, cls=NumpyEncoder))


main()
