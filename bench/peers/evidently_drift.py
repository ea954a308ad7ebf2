"""Evidently's data drift of a log's inputs, the first fifth as reference: prints the seconds it took."""

import sys
import time

import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset

frame = pd.read_parquet(sys.argv[1])
inputs = [name for name in frame.columns if name.startswith("input.")]
current = frame[inputs]
reference = current.head(len(current) // 5)
numbers = [name for name in inputs if name.startswith("input.n")]
texts = [name for name in inputs if name.startswith("input.t")]
definition = DataDefinition(numerical_columns=numbers, categorical_columns=texts)
started = time.perf_counter()
report = Report([DataDriftPreset()])
snapshot = report.run(
    Dataset.from_pandas(current, data_definition=definition),
    Dataset.from_pandas(reference, data_definition=definition),
)
snapshot.dict()
print(time.perf_counter() - started)
