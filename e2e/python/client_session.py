"""A session with the Python client, from data to truth; prints what it saw as JSON for the test beside it."""

import json
import sys

import causeway
import numpy
from sklearn.metrics import accuracy_score

csv, cache = sys.argv[1:]
seen = {}

cw = causeway.connect(cache=cache)
told = []
version = cw.data.import_file("customers", csv, key="customerID", on_progress=told.append)
frame = cw.data("customers").frame()
seen["data"] = {
    "id": version.id,
    "phases": sorted({one.phase for one in told}),
    "shape": list(frame.shape),
    "dtypes": {name: frame[name].dtype.kind for name in ("tenure", "MonthlyCharges")},
    "arrow": list(cw.data("customers").arrow(["tenure", "Churn"]).shape),
    "files": [file.suffix for file in cw.data("customers").files()],
    "churned": int((frame["Churn"] == "Yes").sum()),
    "blanks": int(frame["TotalCharges"].isna().sum()),
}
again = cw.data.import_file("customers-again", frame, key="customerID")
seen["data"]["same rows, sent as a frame"] = [again.rows, again.columns == version.columns]

with cw.run("python", name="by hand", params={"depth": 6, "rate": 0.1}, tags={"team": "retention"}) as run:
    run.log(auc=0.84, worst=float("nan"), best=float("inf"))
    run.log_series("loss", [1 / (n + 1) for n in range(12_000)])
    run.save("notes/first.txt", "Grüße aus Hà Nội")
run.refresh()
history = run.history("loss")
seen["run"] = {
    "id": run.id,
    "state": run.state,
    "params": run.params,
    "metrics": {name: str(value) for name, value in run.metrics.items()},
    "history": [len(history), float(history["value"].iloc[-1])],
    "note": run.read("notes/first.txt").decode(),
}
try:
    with cw.run("python", name="broken"):
        raise ValueError("why")
except ValueError:
    seen["run"]["broken"] = cw.experiment("python").runs()[0].state
found = cw.experiment("python").runs("metrics.auc > 0.8 AND tags.team = 'retention'", "metrics.auc DESC")
seen["run"]["found"] = [one.id for one in found]
seen["run"]["columns"] = sorted(name for name in found.frame().columns if "." in name)
seen["run"]["best"] = cw.experiment("python").best("auc").id

model = cw.model("churn")
model.assign("champion", model.latest)
deployment = cw.deploy("churn", serve="churn@champion", key="customerID")
answers = deployment.predict(frame)
one = deployment.predict(frame[list(deployment.inputs)].iloc[0])
seen["predict"] = {
    "serving": deployment.serving,
    "aliases": model.aliases,
    "rows": len(answers),
    "ids": len(set(answers.ids)),
    "accuracy": accuracy_score(frame["Churn"], answers),
    "first": [answers[0].value, one.value, answers[0].scores == one.scores],
    "array": bool((numpy.asarray(answers) == answers.frame()["prediction"]).all()),
    "id": answers.ids[1],
}
try:
    deployment.predict({"tenure": "three"})
except causeway.CausewayError as error:
    seen["predict"]["refused"] = [error.code, error.status, sorted({issue["field"] for issue in error.issues})[:2]]

seen["truth"] = {
    "by id": answers.truth(frame["Churn"]),
    "by key": deployment.truth(frame["Churn"].head(100), keys=frame["customerID"].head(100)),
    "corrected": deployment.truth({answers.ids[1]: "No" if frame["Churn"][1] == "Yes" else "Yes"}),
}
try:
    deployment.truth({"00000000-0000-7000-8000-000000000000.0": "Yes"})
except causeway.CausewayError as error:
    seen["truth"]["refused"] = error.code

shown = [cw.data("customers"), version, run, model, model.latest, deployment, answers]
shown += [cw.data.list(), cw.experiments(), found, cw.models(), model.versions(), cw.deployments()]
seen["shown"] = [one._repr_html_() for one in shown]
seen["said"] = [repr(one) for one in shown]
print(json.dumps(seen))
