"""Trains a logistic regression with scikit-learn and writes it as ONNX, one input per column."""

from causeway import step
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

TARGET = "Churn"

train = step.frame("train")
check = step.frame("check").head(1000)
features = [name for name in train.columns if name not in (TARGET, "customerID")]
numeric = [name for name in features if train[name].dtype.kind in "iufb"]
text = [name for name in features if name not in numeric]


def inputs(frame):
    """Floats for numbers, text for the rest: what the ONNX graph takes."""
    return frame[features].astype({name: "float32" for name in numeric} | {name: "object" for name in text})


model = make_pipeline(
    ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numeric),
            ("text", OneHotEncoder(handle_unknown="ignore"), text),
        ]
    ),
    LogisticRegression(C=step.params["strength"], max_iter=1000),
)
model.fit(inputs(train), train[TARGET])

graph = to_onnx(
    model,
    initial_types=[
        (name, FloatTensorType([None, 1]) if name in numeric else StringTensorType([None, 1])) for name in features
    ],
    options={id(model): {"zipmap": False}},
)
step.save("model", graph)

# scikit-learn's own answers to rows that it has not seen, to hold the served model against.
answers = model.predict_proba(inputs(check))
step.log(auc=roc_auc_score(check[TARGET] == model.classes_[1], answers[:, 1]))
own = check[features].copy()
own["expected"] = answers[:, 1]
step.save("parity", own)
