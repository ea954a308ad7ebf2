"""What the unmodified MLflow client does with traces; each function is one case.

Runs every case against MLFLOW_TRACKING_URI and prints one line of JSON per case: its name, and its traceback or null.
"""

import gzip
import json
import os
import time
import urllib.error
import urllib.request

os.environ["MLFLOW_ENABLE_ASYNC_TRACE_LOGGING"] = "false"

import mlflow
from cases import run_cases
from mlflow import MlflowClient
from mlflow.entities import AssessmentSource, Feedback, SpanEvent, SpanType
from mlflow.exceptions import MlflowException

client = MlflowClient()


@mlflow.trace(span_type=SpanType.CHAIN)
def answer(question):
    return look_up(question) + "!"


@mlflow.trace(name="look up", attributes={"shelf": 3, "deep": {"a": [1, 2.5, None, "ü\0x"]}})
def look_up(question):
    with mlflow.start_span("inner", span_type=SpanType.TOOL) as span:
        span.set_inputs({"question": question})
        span.set_outputs([1, 2])
        span.add_event(SpanEvent("seen", attributes={"x": 1}))
    return question[::-1]


@mlflow.trace
def failing():
    raise ValueError("no")


def traced(function, *given):
    """Calls a function and gives the id of its trace."""
    try:
        function(*given)
    except ValueError:
        pass
    return mlflow.get_last_active_trace_id()


def experiment():
    return mlflow.set_experiment(f"traces {time.time_ns()}").experiment_id


def found(location, filter_string=None, **more):
    return mlflow.search_traces(locations=[location], filter_string=filter_string, return_type="list", **more)


def whole():
    """Nested spans come back with their times, inputs, outputs, attributes and events."""
    experiment()
    trace = mlflow.get_trace(traced(answer, "hello"))
    spans = {span.name: span for span in trace.data.spans}
    assert set(spans) == {"answer", "look up", "inner"}
    assert spans["answer"].parent_id is None and spans["answer"].span_type == "CHAIN"
    assert spans["look up"].parent_id == spans["answer"].span_id
    assert spans["inner"].parent_id == spans["look up"].span_id
    assert spans["inner"].inputs == {"question": "hello"} and spans["inner"].outputs == [1, 2]
    assert spans["look up"].attributes["shelf"] == 3
    assert spans["look up"].attributes["deep"] == {"a": [1, 2.5, None, "ü\0x"]}
    assert [(event.name, event.attributes) for event in spans["inner"].events] == [("seen", {"x": 1})]
    assert all(span.start_time_ns <= span.end_time_ns for span in spans.values())
    info = trace.info
    assert info.state == "OK" and info.execution_duration >= 0
    assert info.request_preview == '{"question": "hello"}' and info.response_preview == '"olleh!"'
    assert info.tags["mlflow.traceName"] == "answer"


def errors():
    """A call that fails is a trace that says why."""
    experiment()
    trace = mlflow.get_trace(traced(failing))
    (span,) = trace.data.spans
    assert trace.info.state == "ERROR" and span.status.status_code == "ERROR"
    assert span.status.description == "ValueError: no" and span.events[0].name == "exception"


def searches():
    """Traces are found by state, name, time, tags, metadata, spans and runs, in pages."""
    location = experiment()
    with mlflow.start_run() as run:
        first = traced(answer, "first")
    for number in range(5):
        traced(answer, f"question {number}")
    failed = traced(failing)
    mlflow.set_trace_tag(first, "team", "fraud")
    expected = {
        None: 7,
        "status = 'ERROR'": 1,
        "trace.status = 'OK' AND name = 'answer'": 6,
        "NOT status = 'OK'": 1,
        "name = 'failing' OR tags.team = 'fraud'": 2,
        "span.name = 'inner' AND span.type = 'TOOL'": 6,
        "span.attributes.shelf = '3'": 6,
        "trace.text LIKE '%question 3%'": 1,
        "timestamp_ms > 0": 7,
        "execution_time_ms > 3600000": 0,
        "tags.team IS NULL": 6,
        f"request_metadata.`mlflow.sourceRun` = '{run.info.run_id}'": 1,
    }
    for filter_string, count in expected.items():
        assert len(found(location, filter_string)) == count, filter_string
    assert len(found(location, run_id=run.info.run_id)) == 1
    seen, token = [], None
    while True:
        page = client.search_traces(locations=[location], max_results=3, page_token=token)
        seen += [trace.info.trace_id for trace in page]
        token = page.token
        if not token:
            break
    assert len(seen) == len(set(seen)) == 7 and seen[0] == failed
    oldest = client.search_traces(locations=[location], order_by=["timestamp_ms ASC"], max_results=1)
    assert oldest[0].info.trace_id == first
    try:
        found(location, "status = ")
    except MlflowException as error:
        assert error.error_code == "INVALID_PARAMETER_VALUE"
    else:
        raise AssertionError("half a filter was taken")


def tags():
    """Tags are set, changed and deleted."""
    experiment()
    trace = traced(answer, "tagged")
    mlflow.set_trace_tag(trace, "team", "fraud")
    mlflow.set_trace_tag(trace, "team", "risk")
    assert mlflow.get_trace(trace).info.tags["team"] == "risk"
    mlflow.delete_trace_tag(trace, "team")
    assert "team" not in mlflow.get_trace(trace).info.tags
    for call, code in (
        (lambda: mlflow.delete_trace_tag(trace, "team"), "RESOURCE_DOES_NOT_EXIST"),
        (lambda: client.set_trace_tag("tr-none", "a", "b"), "RESOURCE_DOES_NOT_EXIST"),
    ):
        try:
            call()
        except MlflowException as error:
            assert error.error_code == code, error
        else:
            raise AssertionError(code)


def assessments():
    """Feedback and expectations are logged, changed, overridden, searched and deleted."""
    location = experiment()
    trace = traced(answer, "assessed")
    person = AssessmentSource("HUMAN", "me")
    feedback = mlflow.log_feedback(
        trace_id=trace, name="correct", value=True, rationale="yes", source=person, metadata={"a": "b"}
    )
    expectation = mlflow.log_expectation(trace_id=trace, name="expected", value={"x": [1]})
    assert mlflow.get_assessment(trace, feedback.assessment_id).feedback.value is True
    assert mlflow.get_assessment(trace, expectation.assessment_id).expectation.value == {"x": [1]}
    changed = mlflow.update_assessment(
        trace_id=trace,
        assessment_id=feedback.assessment_id,
        assessment=Feedback(name="correct", value=False, rationale="no", metadata={"c": "d"}),
    )
    assert changed.feedback.value is False and changed.rationale == "no" and changed.metadata == {"a": "b", "c": "d"}
    assert len(found(location, "feedback.correct = 'false'")) == 1
    mlflow.log_feedback(trace_id=trace, name="score", value=0.75, source=person)
    for filter_string, count in (("feedback.score > 0.5", 1), ("feedback.score > 0.8", 0), ("feedback.correct > 0", 0)):
        assert len(found(location, filter_string)) == count, filter_string
    override = mlflow.override_feedback(trace_id=trace, assessment_id=feedback.assessment_id, value=True)
    assert mlflow.get_assessment(trace, feedback.assessment_id).valid is False
    assert len(found(location, "feedback.correct = 'true'")) == 1
    assert len(found(location, "feedback.correct = 'false'")) == 0
    assert len(mlflow.get_trace(trace).info.assessments) == 4
    mlflow.delete_assessment(trace_id=trace, assessment_id=override.assessment_id)
    assert mlflow.get_assessment(trace, feedback.assessment_id).valid is True


def runs():
    """Traces are linked to a run after the fact."""
    location = experiment()
    trace = traced(answer, "linked")
    run = client.create_run(location)
    client.link_traces_to_run([trace], run.info.run_id)
    assert [one.info.trace_id for one in found(location, run_id=run.info.run_id)] == [trace]


def deletion():
    """Traces are deleted by their ids, or the oldest up to a time."""
    location = experiment()
    traces = [traced(answer, str(number)) for number in range(4)]
    assert client.delete_traces(location, trace_ids=[traces[3], "tr-none"]) == 1
    assert client.delete_traces(location, max_timestamp_millis=int(time.time() * 1000) + 60_000, max_traces=2) == 2
    assert [trace.info.trace_id for trace in found(location)] == [traces[2]]


def exporters():
    """OpenTelemetry's exporters send spans in protocol buffers, packed or not, and as JSON."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    location = experiment()

    def send(body, content_type, **headers):
        request = urllib.request.Request(
            os.environ["MLFLOW_TRACKING_URI"] + "/v1/traces",
            data=body,
            headers={
                "Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"],
                "Content-Type": content_type,
                **headers,
            },
        )
        try:
            with urllib.request.urlopen(request) as reply:
                return reply.status
        except urllib.error.HTTPError as error:
            return error.code

    def batch(number):
        message = ExportTraceServiceRequest()
        span = message.resource_spans.add().scope_spans.add().spans.add()
        span.trace_id, span.span_id = bytes([number] * 16), bytes([number] * 8)
        span.name = f"exported {number}"
        span.start_time_unix_nano, span.end_time_unix_nano = 1_700_000_000_000_000_001, 1_700_000_001_000_000_003
        attribute = span.attributes.add()
        attribute.key, attribute.value.int_value = "big", 2**62
        return message.SerializeToString()

    in_experiment = {"x-mlflow-experiment-id": location}
    assert send(batch(1), "application/x-protobuf", **in_experiment) == 200
    packed = {**in_experiment, "Content-Encoding": "gzip"}
    assert send(gzip.compress(batch(2)), "application/x-protobuf", **packed) == 200
    as_json = {
        "resourceSpans": [
            {
                "scopeSpans": [
                    {
                        "spans": [
                            {
                                "traceId": "03" * 16,
                                "spanId": "03" * 8,
                                "name": "exported 3",
                                "startTimeUnixNano": "1700000000000000001",
                                "endTimeUnixNano": "1700000001000000003",
                                "attributes": [{"key": "big", "value": {"intValue": str(2**62)}}],
                                "status": {"code": 2, "message": "late"},
                            }
                        ]
                    }
                ]
            }
        ]
    }
    assert send(json.dumps(as_json).encode(), "application/json", **in_experiment) == 200
    for number in (1, 2, 3):
        trace = mlflow.get_trace("tr-" + f"{number:02d}" * 16)
        (span,) = trace.data.spans
        assert span.name == f"exported {number}" and span.attributes["big"] == 2**62
        assert (span.start_time_ns, span.end_time_ns) == (1_700_000_000_000_000_001, 1_700_000_001_000_000_003)
        assert trace.info.execution_duration == 1000
        assert trace.info.state == ("ERROR" if number == 3 else "OK")
    assert send(b"junk", "application/x-protobuf", **in_experiment) == 400
    assert send(batch(4), "text/plain", **in_experiment) == 400
    assert send(batch(4), "application/x-protobuf") == 400
    assert send(batch(4), "application/x-protobuf", **{"x-mlflow-experiment-id": "999999"}) == 404



if __name__ == "__main__":
    run_cases([whole, errors, searches, tags, assessments, runs, deletion, exporters])
