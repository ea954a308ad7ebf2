"""The worker that runs one MLflow model for a gateway: `python -m causeway.serving --model <folder>`.

It needs nothing but what the model's own environment has. Rows come and answers go as frames (see `frames`) over two file
descriptors of its own, so that whatever a model prints cannot break the protocol.
"""
