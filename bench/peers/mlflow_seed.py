"""Fills an MLflow database with finished runs: `mlflow_seed.py <store address> <experiment> <runs>`; 20 metrics, 20 params, 3 tags each."""

import random
import sys
import uuid

import sqlalchemy

address, experiment, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
engine = sqlalchemy.create_engine(address)
rows = {"runs": [], "latest_metrics": [], "metrics": [], "params": [], "tags": []}
chance = random.Random(7)


def flush(connection, meta):
    for name, values in rows.items():
        if values:
            connection.execute(meta.tables[name].insert(), values)
            values.clear()


meta = sqlalchemy.MetaData()
meta.reflect(engine, only=list(rows))
with engine.begin() as connection:
    for index in range(count):
        run = uuid.UUID(int=chance.getrandbits(128), version=4).hex
        rows["runs"].append(
            dict(
                run_uuid=run, name=f"run-{index}", source_type="LOCAL", source_name="", entry_point_name="",
                user_id="bench", status="FINISHED", start_time=1_700_000_000_000 + index * 1000,
                end_time=1_700_000_000_500 + index * 1000, deleted_time=None, source_version="",
                lifecycle_stage="active", artifact_uri=f"mlflow-artifacts:/{experiment}/{run}/artifacts",
                experiment_id=experiment,
            )
        )
        for m in range(20):
            value = (index * (m + 1) * 7919 % 100_003) / 100_003
            point = dict(run_uuid=run, key=f"m{m}", value=value, timestamp=1_700_000_000_000, step=0, is_nan=False)
            rows["metrics"].append(point)
            rows["latest_metrics"].append(point)
            rows["params"].append(dict(run_uuid=run, key=f"p{m}", value=f"v{(index + m) % 20}"))
        tags = {"mlflow.runName": f"run-{index}", "team": f"team-{index % 50}", "mlflow.user": "bench"}
        rows["tags"].extend(dict(run_uuid=run, key=key, value=value) for key, value in tags.items())
        if index % 500 == 499:
            flush(connection, meta)
    flush(connection, meta)
