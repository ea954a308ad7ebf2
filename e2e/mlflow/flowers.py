"""A step that trains a network in torch on arrays and registers it with plain MLflow."""

from importlib.metadata import version

import mlflow
import numpy as np
import torch
from causeway import step
from mlflow.models import infer_signature

table = step.frame("flowers")
classes = sorted(table["species"].unique())
rows = table.drop(columns="species").to_numpy(dtype=np.float32)
targets = torch.tensor([classes.index(name) for name in table["species"]])

torch.manual_seed(1)
net = torch.nn.Sequential(torch.nn.Linear(rows.shape[1], 8), torch.nn.ReLU(), torch.nn.Linear(8, len(classes)))
optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
for _ in range(150):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(net(torch.from_numpy(rows)), targets).backward()
    optimizer.step()

with mlflow.start_run():
    mlflow.pytorch.log_model(
        net,
        name="model",
        signature=infer_signature(rows, net(torch.from_numpy(rows)).detach().numpy()),
        input_example=rows[:5],
        metadata={"classes": classes},
        registered_model_name="flowers",
        serialization_format="pickle",
        pip_requirements=[f"{name}=={version(name)}" for name in ("mlflow", "torch")],
    )
