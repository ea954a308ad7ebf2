"""Holds the answers of the deployed notebook's model against the model as MLflow loads it; prints what it saw as JSON."""

import datetime
import json
import sys

import causeway
import mlflow
import pandas as pd

csv, cache = sys.argv[1:]
START = datetime.datetime(2026, 1, 5, tzinfo=datetime.timezone.utc)
DAYS = 3

customers = pd.read_csv(csv, na_values=[" "])
features = customers.drop(columns=["customerID", "Churn"])
features = features.astype({name: "float64" for name in features.select_dtypes("number").columns})
times = [START + datetime.timedelta(days=DAYS) * row / len(features) for row in range(len(features))]

cw = causeway.connect(cache=cache)
deployment = cw.deployment("churn-notebook")
answers = deployment.predict(features, at=times)
labels = mlflow.pyfunc.load_model("models:/churn-notebook@champion").predict(features)
scores = mlflow.sklearn.load_model("models:/churn-notebook@champion").predict_proba(features)
receipt = answers.truth(customers["Churn"], at=times)

found = cw.experiment("churn-notebook").runs(order_by="metrics.test_auc DESC")
version = cw.model_version("churn-notebook@champion")
print(
    json.dumps(
        {
            "rows": len(answers),
            "equal": int(sum(mine == theirs for mine, theirs in zip(answers.values, labels))),
            "apart": max(abs(mine["Yes"] - theirs) for mine, theirs in zip(answers.scores, scores[:, 1])),
            "accuracy": float((answers.frame()["prediction"] == customers["Churn"]).mean()),
            "truth": receipt["accepted"],
            "runs": [[run.name, run.state, "test_auc" in run.metrics, len(run.params) > 10] for run in found],
            "trained in": version.run == found[0].id,
            "evaluated": version.evaluate("held-out@latest", target="Churn").metrics["auc"],
        }
    )
)
