import { expect, it } from "vitest";
import type { Span } from "./trace.ts";
import { outlineTraces } from "./trace-outline.ts";

const span = (own: Partial<Span>): Span => ({
  trace: "tr-1",
  id: "a",
  parent: null,
  name: "root",
  type: null,
  status: "OK",
  startNs: "1700000000000999999",
  endNs: "1700000002000000000",
  attributes: {},
  content: {},
  ...own,
});

it("takes times from all spans, and how it went from the root", () => {
  const child = span({
    id: "b",
    parent: "a",
    name: "child",
    startNs: "1699999999000000000",
    status: "ERROR",
  });
  expect(outlineTraces([child, span({})])).toMatchObject([
    {
      id: "tr-1",
      state: "ok",
      startMs: 1_699_999_999_000,
      durationMs: 3_000,
      tags: { "mlflow.traceName": "root" },
    },
  ]);
  expect(outlineTraces([child])).toMatchObject([{ state: "in-progress" }]);
  expect(outlineTraces([span({ status: "ERROR" })])).toMatchObject([{ state: "error" }]);
  expect(outlineTraces([span({ endNs: null })])).toMatchObject([{ state: "in-progress", durationMs: null }]);
});

it("previews what went in and out, cut and without what cannot be stored", () => {
  const attributes = {
    "mlflow.spanInputs": { q: "a\0b" },
    "mlflow.spanOutputs": "x".repeat(2000),
    "mlflow.traceTag.team": "risk",
    "session.id": "s-1",
  };
  const [outline] = outlineTraces([span({ attributes })]);
  expect(outline?.requestPreview).toBe('{"q":"a\\u0000b"}');
  expect(outline?.responsePreview).toHaveLength(1000);
  expect(outline?.tags).toMatchObject({ team: "risk" });
  expect(outline?.metadata).toEqual({ "mlflow.trace.session": "s-1" });
});
