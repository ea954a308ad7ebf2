import { expect, it } from "vitest";
import { createMetrics } from "./metrics.ts";

it("writes counters, histograms and gauges as Prometheus reads them", () => {
  const metrics = createMetrics();
  const requests = metrics.counter("requests_total", "Requests.");
  requests({ name: 'a "b"\n' }).add();
  requests({ name: 'a "b"\n' }).add(2);
  const seconds = metrics.histogram("seconds", "Time.")({ path: "/" });
  for (const value of [0.0002, 0.003, 60]) seconds.observe(value);
  metrics.gauge("depth", "Depth.", () => [{ labels: {}, value: 4 }]);
  const lines = metrics.render().split("\n");
  expect(lines).toContain('requests_total{name="a \\"b\\"\\n"} 3');
  expect(lines).toContain('seconds_bucket{path="/",le="0.00025"} 1');
  expect(lines).toContain('seconds_bucket{path="/",le="0.005"} 2');
  expect(lines).toContain('seconds_bucket{path="/",le="+Inf"} 3');
  expect(lines).toContain('seconds_count{path="/"} 3');
  expect(lines).toContain("# TYPE depth gauge");
  expect(lines).toContain("depth 4");
  expect(lines.at(-1)).toBe("");
});
