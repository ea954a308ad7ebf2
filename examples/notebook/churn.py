"""Which customers leave? A notebook in plain Python: run it cell by cell, or as a whole.

It knows MLflow's client, pandas and scikit-learn. Where its runs go is what MLFLOW_TRACKING_URI says.
"""

# %% [markdown]
# # Read

# %%
from importlib.metadata import version as version_of
from pathlib import Path

import mlflow
import pandas as pd
from mlflow.models import infer_signature
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

FILE = Path(__file__).resolve().parent.parent / "churn" / "customers.csv"
customers = pd.read_csv(FILE, na_values=[" "])
customers.shape

# %% [markdown]
# # Explore
# Who pays from month to month leaves most; the longer somebody has stayed, the longer they stay.

# %%
leaves = customers["Churn"] == "Yes"
by_contract = leaves.groupby(customers["Contract"]).mean().sort_values(ascending=False)
by_years = leaves.groupby(customers["tenure"] // 12).mean()
print(by_contract.round(3).to_string(), by_years.round(3).to_string(), sep="\n\n")

# %% [markdown]
# # Train
# Two learners on the same rows. Whole numbers become floating ones, so that a missing value can be told later on.

# %%
features = customers.drop(columns=["customerID", "Churn"])
numbers = features.select_dtypes("number").columns.tolist()
texts = [name for name in features if name not in numbers]
features = features.astype({name: "float64" for name in numbers})
train_x, test_x, train_y, test_y = train_test_split(
    features, customers["Churn"], test_size=0.25, stratify=customers["Churn"], random_state=7
)
held_out = test_x.join(test_y)  # what no learner has seen; whoever watches the model later compares with it
held_out.to_csv(Path(__file__).with_name("held-out.csv"), index=False)


def pipeline_for(learner):
    """The learner with its preparation, as one model that takes rows as they come."""
    prepared = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
            ("texts", OneHotEncoder(handle_unknown="ignore"), texts),
        ]
    )
    return make_pipeline(prepared, learner)


learners = {
    "logistic regression": LogisticRegression(C=0.5, max_iter=1000),
    "random forest": RandomForestClassifier(n_estimators=60, min_samples_leaf=5, random_state=7),
}

# %%
mlflow.set_experiment("churn-notebook")
mlflow.sklearn.autolog(log_models=False, log_datasets=True)

runs = {}
for name, learner in learners.items():
    with mlflow.start_run(run_name=name) as run:
        model = pipeline_for(learner).fit(train_x, train_y)
        auc = roc_auc_score(test_y == "Yes", model.predict_proba(test_x)[:, 1])
        mlflow.log_metric("test_auc", auc)
        mlflow.log_dict(by_contract.to_dict(), "exploration/by-contract.json")
        runs[run.info.run_id] = (auc, model)
        print(f"{name}: {auc:.3f}")

# %% [markdown]
# # Register the better one
# With its signature, 20 rows as an example, and no pickle: skops writes what a model is, and names the types that reading
# it back has to trust. What it needs to run is said in full; MLflow's own guess brings whatever else is installed here.

# %%
found = mlflow.search_runs(
    experiment_names=["churn-notebook"], filter_string="metrics.test_auc > 0.5", order_by=["metrics.test_auc DESC"]
)
best = next(run_id for run_id in found["run_id"] if run_id in runs)
auc, model = runs[best]

with mlflow.start_run(run_id=best):
    logged = mlflow.sklearn.log_model(
        model,
        name="model",
        signature=infer_signature(test_x, model.predict(test_x)),
        input_example=test_x.head(20),
        serialization_format="skops",
        skops_trusted_types=["numpy.dtype", "sklearn.tree._tree.Tree"],
        pip_requirements=[f"{name}=={version_of(name)}" for name in ("mlflow", "pandas", "scikit-learn", "skops")],
        registered_model_name="churn-notebook",
    )

# %% [markdown]
# # Read it back
# What is registered answers as what was trained.

# %%
version = logged.registered_model_version
again = mlflow.pyfunc.load_model(f"models:/churn-notebook/{version}")
assert (again.predict(test_x) == model.predict(test_x)).all()
print(f"churn-notebook version {version}: auc {auc:.3f}")
