"""A step that trains and registers with plain MLflow and scikit-learn; the rows alone come from the pipeline."""

from importlib.metadata import version

import mlflow
from causeway import step
from mlflow.models import infer_signature
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

visits = step.frame("visits")
features = visits[["pages", "minutes", "source"]].astype({"pages": "float64", "minutes": "float64"})
prepared = ColumnTransformer(
    [("numbers", StandardScaler(), ["pages", "minutes"]), ("texts", OneHotEncoder(handle_unknown="ignore"), ["source"])]
)
model = make_pipeline(prepared, LogisticRegression()).fit(features, visits["buys"])

with mlflow.start_run():
    mlflow.log_metric("train_accuracy", model.score(features, visits["buys"]))
    mlflow.sklearn.log_model(
        model,
        name="model",
        signature=infer_signature(features, model.predict(features)),
        input_example=features.head(5),
        registered_model_name="visits",
        serialization_format="cloudpickle",
        pip_requirements=[f"{name}=={version(name)}" for name in ("mlflow", "scikit-learn", "cloudpickle")],
    )
