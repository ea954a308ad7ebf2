"""The library step ``trainSklearn``: a scikit-learn model with its preparation inside, written as ONNX."""

from typing import Any

from causeway import step
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.base import is_classifier
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler


def learner_of(name: str, classes: bool, seed: int) -> Any:
    if name == "logistic-regression":
        return LogisticRegression(max_iter=1000) if classes else LinearRegression()
    if name == "random-forest":
        forest = RandomForestClassifier if classes else RandomForestRegressor
        return forest(n_estimators=300, min_samples_leaf=5, random_state=seed, n_jobs=-1)
    boosting = GradientBoostingClassifier if classes else GradientBoostingRegressor
    return boosting(random_state=seed)


def preparation_of(name: str) -> Any:
    # Trees cut where they like; scaling would only move their cuts by the rounding of ONNX's smaller floats.
    scalers = [StandardScaler()] if name == "logistic-regression" else []
    return make_pipeline(SimpleImputer(strategy="median"), *scalers)


def main() -> None:
    target = step.params["target"]
    dataset = step.input("rows")["dataset"]
    left_out = {target, dataset["key"], *step.params["without"]}
    types = {column["name"]: column["type"] for column in dataset["schema"]}
    for name in [target, *step.params["without"]]:
        if name not in types:
            raise SystemExit(f"the rows have no column {name}; columns: {', '.join(types)}")
    rows = step.frame("rows").dropna(subset=[target])
    features = [name for name in types if name not in left_out]
    numbers = [name for name in features if types[name] in ("integer", "double", "boolean")]
    text = [name for name in features if name not in numbers]

    frame = rows[features].copy()
    for name in numbers:
        frame[name] = frame[name].astype("float32")
    for name in text:
        frame[name] = frame[name].astype("object").where(frame[name].notna(), "").astype(str)

    classes = types[target] in ("string", "boolean")
    answers = rows[target].astype(str) if classes else rows[target].astype("float64")
    prepared = ColumnTransformer(
        [
            ("numbers", preparation_of(step.params["learner"]), numbers),
            # A value that training did not see counts as none of the known; in ONNX only "ignore" says so.
            ("text", OneHotEncoder(handle_unknown="ignore"), text),
        ]
    )
    learner = learner_of(step.params["learner"], classes, step.params["seed"])
    model = make_pipeline(prepared, learner).fit(frame, answers)
    step.log_params(learner=type(learner).__name__, features=len(features), rows=len(frame))
    step.log(trainingScore=model.score(frame, answers))

    graph = to_onnx(
        model,
        initial_types=[
            (name, FloatTensorType([None, 1]) if name in numbers else StringTensorType([None, 1]))
            for name in features
        ],
        options={id(model): {"zipmap": False}} if is_classifier(model) else None,
    )
    step.save("model", graph)
    step.summarize(f"{type(learner).__name__}, {len(features)} features, {len(frame):,} rows")


main()
