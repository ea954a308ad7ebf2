import { expect, it } from "vitest";
import { createMetrics } from "./metrics.ts";

const countWork = async () => [];
const gauges = ["causeway_a", "causeway_b"].map((name) => ({ name, help: name, labels: ["of"] }));

it("reads the gauges of a stage at once, however many there are and however often somebody looks", async () => {
  let reads = 0;
  const read = async () => {
    reads += 1;
    return gauges.map(({ name }) => ({ gauge: name, labels: { of: "x" }, value: reads }));
  };
  const metrics = createMetrics({ countWork, gauges: [{ gauges, read }] });
  const texts = [...(await Promise.all([metrics.render(), metrics.render()])), await metrics.render()];
  for (const text of texts) {
    expect(text).toContain('causeway_a{of="x"} 1');
    expect(text).toContain('causeway_b{of="x"} 1');
  }
  expect(reads).toBe(1);
});

it("reads again after a failure", async () => {
  let reads = 0;
  const read = async () => {
    reads += 1;
    if (reads === 1) throw new Error("the database is away");
    return [];
  };
  const metrics = createMetrics({ countWork, gauges: [{ gauges, read }] });
  await expect(metrics.render()).rejects.toThrow("the database is away");
  expect(await metrics.render()).toContain("# TYPE causeway_a gauge");
});
