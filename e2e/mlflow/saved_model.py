"""A step whose output is the folder that MLflow saves a model as."""

from importlib.metadata import version

import mlflow
from causeway import step
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression

table = step.frame("rows")
rows, species = table.drop(columns="species"), table["species"]
model = LogisticRegression(max_iter=1000).fit(rows, species)

folder = step.out("model")
mlflow.sklearn.save_model(
    model,
    folder,
    signature=infer_signature(rows, model.predict(rows)),
    input_example=rows[:5],
    pip_requirements=[f"mlflow=={version('mlflow')}"],
    serialization_format="cloudpickle",
)
# A folder of requirements, as teams keep them: further files, and limits for all of them.
(folder / "more").mkdir()
(folder / "more" / "base.txt").write_text(f"scikit-learn=={version('scikit-learn')}\n", encoding="utf-8")
(folder / "limits.txt").write_text(f"pandas=={version('pandas')}\n", encoding="utf-8")
with open(folder / "requirements.txt", "a", encoding="utf-8") as requirements:
    requirements.write("\n-r more/base.txt\n-c limits.txt\n")
