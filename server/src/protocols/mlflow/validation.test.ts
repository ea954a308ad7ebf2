import { describe, expect, it } from "vitest";
import { WireError } from "./errors.ts";
import {
  checkArtifactLocation,
  checkBatch,
  checkExperimentTag,
  checkLoggedModelName,
  checkMetricName,
  checkName,
  checkUniqueParams,
  experimentId,
  pageSize,
  paramPair,
  tagPair,
} from "./validation.ts";

const refused = (run: () => void): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof WireError) return error.message;
    throw error;
  }
  return "";
};

describe("names of metrics, parameters and tags", () => {
  it.each(["loss", "a/b.c-d_e f:g", "độ chính xác", "精度", "system/cpu", "a..b", "1"])(
    "%s may be",
    (name) => {
      expect(refused(() => checkName(name, "key"))).toBe("");
    },
  );

  it.each([
    ["a@b", "Names may only contain"],
    ["a\nb", "Names may only contain"],
    ["a\u0000b", "Names may only contain"],
    ["", "would resolve to '.'"],
    [".", "would resolve to '.'"],
    ["..", "would resolve to '..'"],
    ["../a", "would resolve to '../a'"],
    ["a/../b", "would resolve to 'b'"],
    ["a//b", "would resolve to 'a/b'"],
    ["a/", "would resolve to 'a'"],
    ["./a", "would resolve to 'a'"],
    ["/a", "would resolve to '/a'"],
  ])("%j may not be: %s", (name, reason) => {
    const message = refused(() => checkName(name, "metrics[3].name"));
    expect(message).toContain(reason);
    expect(message).toContain("for parameter 'metrics[3].name' supplied");
  });

  it("are at most 250 characters long, whatever they are written in", () => {
    const emoji = "é".repeat(250);
    expect(refused(() => checkMetricName(emoji, "name"))).toBe("");
    expect(refused(() => checkMetricName("a".repeat(251), "name"))).toBe(
      "'Metric name' exceeds the maximum length of 250 characters",
    );
  });
});

describe("values", () => {
  it("of parameters and tags are cut without a word, at whole characters", () => {
    expect(paramPair("p", "x".repeat(6_001))[1]).toHaveLength(6_000);
    expect(tagPair("t", "x".repeat(8_001))[1]).toHaveLength(8_000);
    const [, cut] = tagPair("t", "🙂".repeat(8_001));
    expect([...cut]).toHaveLength(8_000);
    expect([...cut].at(-1)).toBe("🙂");
  });

  it("of an experiment's tags are refused when too long", () => {
    expect(refused(() => checkExperimentTag("k", "x".repeat(20_000)))).toBe("");
    expect(refused(() => checkExperimentTag("k", "x".repeat(20_001)))).toContain("'value' exceeds");
  });
});

describe("a batch", () => {
  it.each([
    [{ metrics: 1_000, params: 0, tags: 0 }, ""],
    [{ metrics: 1_001, params: 0, tags: 0 }, "at most 1000 metrics. Got 1001 metrics"],
    [{ metrics: 0, params: 101, tags: 0 }, "at most 100 params. Got 101 params"],
    [{ metrics: 0, params: 0, tags: 101 }, "at most 100 tags. Got 101 tags"],
    [{ metrics: 900, params: 51, tags: 50 }, "at most 1000 metrics, params, and tags. Got 1001"],
  ])("of %j: %s", (counts, reason) => {
    expect(refused(() => checkBatch(counts))).toContain(reason);
  });

  it("names no parameter twice", () => {
    expect(refused(() => checkUniqueParams(["a", "b", "a", "b"]))).toContain("['a', 'b']");
    expect(refused(() => checkUniqueParams(["a", "b"]))).toBe("");
  });
});

describe("experiments", () => {
  it.each([
    [undefined, "0"],
    ["", "0"],
    ["7", "7"],
    ["007", "7"],
    ["-1", "-1"],
  ])("%j is number %s", (given, id) => expect(experimentId(given)).toBe(id));

  it.each(["abc", "1.5", "1e3", "9".repeat(40)])("%s is no number", (given) => {
    expect(refused(() => experimentId(given))).toContain("Experiment ID must be a valid integer");
  });
});

describe("addresses of artifacts", () => {
  it.each(["s3://bucket/path", "/mnt/shared", "mlflow-artifacts:/7", "file:///data?version=1"])(
    "%s may be",
    (location) => expect(refused(() => checkArtifactLocation(location))).toBe(""),
  );

  it.each([
    ["http:///#/../../../etc", "fragments"],
    ["http:///%23/../../../etc", "fragments"],
    ["file:///a;/../../etc", "params"],
    ["file:///a%3b/../../etc", "params"],
    ["http://h/?/../../../etc", "query"],
    ["http://h/?/%2e%2e/%2e%2e/etc", "query"],
    ["http://h/?/%252e%252e/etc", "query"],
    ["runs:/0123/model", "runs:/"],
    [`s3://${"x".repeat(2_048)}`, "exceeds"],
  ])("%s may not be", (location, reason) => {
    expect(refused(() => checkArtifactLocation(location))).toContain(reason);
  });
});

describe("pages", () => {
  it("have the size that was asked for, within bounds", () => {
    expect(pageSize(undefined, { otherwise: 5, most: 10 })).toBe(5);
    expect(pageSize(10, { most: 10 })).toBe(10);
    expect(refused(() => pageSize(11, { most: 10 }))).toContain("It must be at most 10");
    expect(refused(() => pageSize(0, { most: 10 }))).toContain("It must be a positive integer");
    expect(refused(() => pageSize(undefined, { most: 10 }))).toContain("Invalid value 0");
  });
});

it("refuses names of logged models that would not be one part of a path", () => {
  expect(refused(() => checkLoggedModelName("model_1"))).toBe("");
  for (const name of ["a/b", "a:b", "a.b", "a%b", 'a"b', "a'b"]) {
    expect(refused(() => checkLoggedModelName(name))).toContain("Invalid model name");
  }
});
