"""Logs networks as notebooks do, with arrays for signatures and examples, and prints where the table for judging them lies.

Usage: tensor_models.py <folder>   the last line of standard output is JSON.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import mlflow
import numpy as np
import torch
from mlflow.models import infer_signature
from sklearn.datasets import load_iris

ROWS, SPECIES = load_iris(return_X_y=True)
ROWS = ROWS.astype(np.float32)
NAMES = ["setosa", "versicolor", "virginica"]


def pinned(*packages):
    return [f"{name}=={version(name)}" for name in ("mlflow", *packages)]


def trained(module, inputs, loss, targets):
    optimizer = torch.optim.Adam(module.parameters(), lr=0.05)
    for _ in range(150):
        optimizer.zero_grad()
        loss(module(inputs), targets).backward()
        optimizer.step()
    return module


def log_torch(module, name, sample, **more):
    answers = module(torch.from_numpy(sample)).detach().numpy()
    mlflow.pytorch.log_model(
        module,
        name="model",
        signature=infer_signature(sample, answers),
        input_example=sample[:5],
        registered_model_name=name,
        serialization_format="pickle",
        pip_requirements=pinned("torch"),
        **more,
    )


def species():
    """Gives logits; only its author knows the names of the classes."""
    torch.manual_seed(1)
    net = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 3))
    trained(net, torch.from_numpy(ROWS), torch.nn.CrossEntropyLoss(), torch.from_numpy(SPECIES))
    log_torch(net, "species", ROWS, metadata={"classes": NAMES})


def width():
    """Gives one number: the width of a petal by the other three."""
    torch.manual_seed(2)
    net = torch.nn.Linear(3, 1)
    trained(net, torch.from_numpy(ROWS[:, :3]), torch.nn.MSELoss(), torch.from_numpy(ROWS[:, 3:]))
    log_torch(net, "width", ROWS[:, :3])


def picture():
    """Takes what is no table: pictures of two by two."""
    torch.manual_seed(3)
    net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(4, 1))
    log_torch(net, "picture", ROWS.reshape(-1, 2, 2))


def keras():
    """Gives probabilities, and has two inputs by name."""
    import keras as library

    library.utils.set_random_seed(1)
    sepal, petal = (library.Input((2,), name=name) for name in ("sepal", "petal"))
    joined = library.layers.Concatenate()([sepal, petal])
    hidden = library.layers.Dense(16, activation="relu")(joined)
    net = library.Model([sepal, petal], library.layers.Dense(3, activation="softmax")(hidden))
    net.compile(optimizer=library.optimizers.Adam(0.05), loss="sparse_categorical_crossentropy")
    rows = {"sepal": ROWS[:, :2], "petal": ROWS[:, 2:]}
    net.fit(rows, SPECIES, epochs=40, verbose=0)
    mlflow.tensorflow.log_model(
        net,
        name="model",
        signature=infer_signature(rows, net.predict(rows, verbose=0)),
        input_example={name: part[:5] for name, part in rows.items()},
        registered_model_name="keras-species",
        pip_requirements=pinned("tensorflow-cpu", "keras"),
    )


def write_tables(folder):
    """The rows as a table for each model: the columns of a tensor without a name may be called anything."""
    measures = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    named = ["sepal.0", "sepal.1", "petal.0", "petal.1"]
    texts = [json.dumps(row.reshape(2, 2).tolist()) for row in ROWS]
    tables = {
        "iris": [[*measures, "species"], [[*row, NAMES[kind]] for row, kind in zip(ROWS.tolist(), SPECIES)]],
        "named": [[*named, "species"], [[*row, NAMES[kind]] for row, kind in zip(ROWS.tolist(), SPECIES)]],
        "keras-iris": [[*named, "species"], [[*row, kind] for row, kind in zip(ROWS.tolist(), SPECIES.tolist())]],
        "pictures": [["input", "sum"], [[text, sum(row)] for text, row in zip(texts, ROWS.tolist())]],
    }
    for name, (columns, rows) in tables.items():
        lines = [",".join(columns)]
        lines += [",".join('"' + str(one).replace('"', '""') + '"' for one in row) for row in rows]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")


def main():
    folder = Path(sys.argv[1])
    write_tables(folder)
    for log in (species, width, picture, keras):
        with mlflow.start_run():
            log()
    print(json.dumps({"iris": ROWS.tolist(), "species": [NAMES[kind] for kind in SPECIES]}))


main()
