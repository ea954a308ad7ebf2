"""FastAPI with onnxruntime as tuned hands would write it: a Starlette-level route, orjson, one worker, one thread."""

import os
import sys
import uuid

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # As the gateway does: sending reports is no part of serving.

import numpy as np
import onnxruntime
import orjson
import uvicorn
from fastapi import FastAPI
from starlette.responses import Response

port, model_path, *columns = sys.argv[1:]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(model_path, options, providers=["CPUExecutionProvider"])
app = FastAPI()


async def predict(request):
    record = orjson.loads(await request.body())
    row = np.array([[record[column] for column in columns]], dtype=np.float32)
    label, scores = session.run(["label", "scores"], {"x": row})
    no, yes = scores[0].tolist()
    body = {
        "id": str(uuid.uuid4()),
        "model": "churn",
        "version": 1,
        "predictions": [{"value": label[0], "scores": {"No": no, "Yes": yes}}],
    }
    return Response(orjson.dumps(body), media_type="application/json")


app.add_route("/predict/churn", predict, methods=["POST"])
uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="error", access_log=False, loop="uvloop", http="httptools")
