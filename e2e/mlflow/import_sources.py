"""Writes what an import takes over: `import_sources.py mlflow <tracking address>` or `import_sources.py wandb <folder>`."""

import os
import sys
import warnings

warnings.filterwarnings("ignore")
what, place = sys.argv[1:]


def write_mlflow():
    os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
    os.environ["MLFLOW_TRACKING_URI"] = place
    import mlflow
    import mlflow.sklearn
    import numpy as np
    import pandas as pd
    from sklearn.linear_model import LogisticRegression

    mlflow.set_experiment("hotel")
    rows = np.random.default_rng(7).normal(size=(40, 3))
    labels = (rows[:, 0] > 0).astype(int)
    with mlflow.start_run(run_name="parent") as parent:
        mlflow.log_params({"group/depth": 6, "rate": 0.1})
        mlflow.set_tags({"team": "risk", "mlflow.note.content": "a **note**"})
        for step in range(40):
            mlflow.log_metric("train/loss", 1 / (step + 1), step=step)
        mlflow.log_metric("odd", float("nan"))
        mlflow.log_text("hello", "notes/hello.txt")
        frame = pd.DataFrame(rows, columns=["a", "b", "c"])
        mlflow.log_input(mlflow.data.from_pandas(frame, name="bookings"), context="training")
        model = LogisticRegression().fit(frame, labels)
        mlflow.sklearn.log_model(model, name="model", input_example=frame[:3], registered_model_name="hotel")
        with mlflow.start_run(nested=True, run_name="child"):
            mlflow.log_metric("auc", 0.8)
    with mlflow.start_run(run_name="gone") as gone:
        pass
    client = mlflow.MlflowClient()
    client.delete_run(gone.info.run_id)
    client.set_registered_model_alias("hotel", "champion", 1)
    client.set_model_version_tag("hotel", "1", "checked", "yes")
    print(parent.info.run_id)


def write_wandb():
    os.chdir(place)
    os.environ["WANDB_MODE"] = "offline"
    os.environ["WANDB_SILENT"] = "true"
    import wandb

    config = {"rate": 0.1, "layers": [64, 32], "optimizer": {"name": "adam"}}
    with wandb.init(project="hotel", name="first", config=config, tags=["a"], notes="a note", group="g") as run:
        for step in range(250):
            run.log({"loss": 1 / (step + 1), "odd": float("nan") if step == 3 else step})
        run.summary["best"] = 0.9
        with open("weights.txt", "w") as file:
            file.write("weights")
        run.save("weights.txt")
        print(run.id)


{"mlflow": write_mlflow, "wandb": write_wandb}[what]()
