import { parseFilter } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { fixtures } from "../../../testing/fixtures.ts";
import { curveSeries, mostPoints } from "./curve-series.ts";
import { filterParts, readFilterText } from "./filter-text.ts";
import { axisOf, isBrushed } from "./plot-axis.ts";
import {
  columnKey,
  defaultColumns,
  metricValue,
  orderBy,
  orderOf,
  readColumn,
  readList,
  readOrder,
  writeList,
} from "./run-columns.ts";
import { compareRows } from "./run-comparison.ts";
import { bestRun, bestValue, headMetric, metricNames } from "./run-metrics.ts";
import { childrenOf, idsIn, linesOf, NESTED, TOP_LEVEL, treeOf, withRuns } from "./run-tree.ts";
import { runsCsv } from "./runs-csv.ts";

const { runs } = fixtures(new Date("2026-11-21T12:00:00.000Z"));

describe("metrics", () => {
  it("judge by what people judge by, on unseen rows before training rows", () => {
    const [metric] = runs[0]!.metrics;
    const named = (...all: string[]) => headMetric(all.map((name) => ({ ...metric!, name })))?.name;
    expect(named("train.auc", "valid.auc", "rows")).toBe("valid.auc");
    expect(named("zebra", "loss")).toBe("loss");
    expect(named()).toBeUndefined();
  });

  it("are best at their greatest, losses at their least", () => {
    const [auc, loss] = runs[0]!.metrics;
    expect(bestValue(auc!)).toBe(auc!.max);
    expect(bestValue(loss!)).toBe(loss!.min);
    expect(bestRun(runs)?.run.name).toBe("deep");
    expect(metricNames(runs)[0]).toBe("valid.auc");
  });
});

describe("the text of the search box", () => {
  it.each([
    ["", ""],
    [" metrics.auc > 0.8 ", "metrics.auc > 0.8"],
    ["deep", "run_name ILIKE '%deep%'"],
    ["wide net 2", "run_name ILIKE '%wide net 2%'"],
  ])("%j is read as %j", (text, filter) => {
    expect(readFilterText(text)).toEqual({ ok: true, filter });
  });

  it("E3/grammar says where it is wrong, and takes nothing of the grammar for a name", () => {
    const reading = readFilterText("metrics.auc > ");
    expect(reading.ok).toBe(false);
    if (!reading.ok) expect(reading.error.at).toBe(14);
    for (const wrong of ["params.depth", "metrics.auc and", "name is", "(deep"]) {
      expect(readFilterText(wrong).ok, wrong).toBe(false);
    }
  });

  it("parts what must all hold, each with what is left without it", () => {
    const parts = filterParts(
      "metrics.auc > 0.8 AND (params.a = '1' OR params.b = '2') AND status = 'FAILED'",
    );
    expect(parts.map(({ text }) => text)).toEqual([
      "metrics.auc > 0.8",
      "params.a = '1' OR params.b = '2'",
      "status = 'FAILED'",
    ]);
    expect(parts[0]?.without).toBe("(params.a = '1' OR params.b = '2') AND status = 'FAILED'");
    expect(filterParts("metrics.auc > 0.8")).toEqual([{ text: "metrics.auc > 0.8", without: "" }]);
    expect(filterParts("")).toEqual([]);
  });
});

describe("columns", () => {
  it.each([
    "metrics.valid.auc",
    "metrics.loss@min",
    "metrics.a@min@last",
    "params.depth",
    "tags.mlflow.user",
    "attributes.duration",
  ])("%s is read and written as it is", (key) => {
    const column = readColumn(key);
    expect(column === undefined ? undefined : columnKey(column)).toBe(key);
  });

  it("are no columns where they name nothing", () => {
    expect(["attributes.gone", "metrics.", "auc", ""].map(readColumn)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("stand in the address with any name, and come back", () => {
    const names = ["a,b", "ü %2C", "metrics.x"];
    expect(readList(writeList(names))).toEqual(names);
    expect(readList("%zz,a")).toEqual(["a"]);
  });

  it("order the search where it can, and its order leads back to the headers", () => {
    const sort = [
      { column: "metrics.valid auc", descending: true },
      { column: "attributes.run_name", descending: false },
    ];
    expect(orderBy([...sort, { column: "attributes.duration", descending: true }])).toEqual([
      "metrics.`valid auc` DESC",
      "run_name ASC",
    ]);
    expect(readOrder(orderBy(sort))).toEqual([
      { column: "metrics.valid auc", descending: true },
      { column: "attributes.run_name", descending: false },
    ]);
    expect(readOrder(["nonsense ("])).toEqual([]);
    expect(orderOf("metrics.loss@min")).toBeUndefined();
  });

  it("show state, judged metrics, telling params and times when nobody chose", () => {
    const keys = defaultColumns(runs).map(columnKey);
    expect(keys[0]).toBe("attributes.status");
    expect(keys).toContain("metrics.valid.auc");
    expect(keys.at(-1)).toBe("attributes.start_time");
    expect(keys.every((key) => !key.includes("system/"))).toBe(true);
  });

  it("give the chosen value of a curve", () => {
    const [run] = runs;
    const [auc] = run!.metrics;
    const of = (aspect: "last" | "min" | "max" | "best" | "course") =>
      metricValue(run!, { of: "metrics", name: auc!.name, aspect });
    expect([of("last"), of("min"), of("max"), of("best"), of("course")]).toEqual([
      auc!.last.value,
      auc!.min,
      auc!.max,
      auc!.max,
      undefined,
    ]);
  });
});

describe("runs inside runs", () => {
  const child = (id: string, parent: string) => ({
    ...runs[0]!,
    id,
    name: id,
    tags: { "mlflow.parentRunId": parent },
  });
  const top = [
    { ...runs[0]!, id: "p1", tags: {} },
    { ...runs[0]!, id: "p2", tags: {} },
  ];
  const tree = treeOf(top, [child("c1", "p1"), child("c2", "p1"), child("g1", "c1")]);
  const known = { pages: [tree, undefined], sizes: [2, 3] };

  it("E2/nested are folded under their parent until it is opened, level by level", () => {
    const ids = (open: string[]) =>
      linesOf(known, new Set(open)).map((line) =>
        line.kind === "run" ? `${line.depth}${line.run.id}` : "-",
      );
    expect(ids([])).toEqual(["0p1", "0p2", "-", "-", "-"]);
    expect(ids(["p1"])).toEqual(["0p1", "1c1", "1c2", "0p2", "-", "-", "-"]);
    expect(ids(["p1", "c1"])).toEqual(["0p1", "1c1", "2g1", "1c2", "0p2", "-", "-", "-"]);
  });

  it("keep the place of each row in the list, and the count of what is inside", () => {
    const lines = linesOf(known, new Set(["p1"]));
    expect(lines.map(({ at }) => at)).toEqual([0, 0, 0, 1, 2, 3, 4]);
    expect(lines[0]).toMatchObject({ children: 2, isOpen: true });
  });

  it("change in their places, and stay the same where nothing changed", () => {
    const fresh = { ...child("c2", "p1"), name: "renamed" };
    const changed = withRuns(tree[0]!, new Map([["c2", fresh]]));
    expect(changed.children.map(({ run }) => run.name)).toEqual(["c1", "renamed"]);
    expect(changed.children[0]).toBe(tree[0]!.children[0]);
    expect(withRuns(tree[1]!, new Map([["c2", fresh]]))).toBe(tree[1]);
    expect(idsIn(tree[0]!)).toEqual(["p1", "c1", "g1", "c2"]);
  });

  it("do not descend without end where runs name each other", () => {
    const loop = [child("a", "b"), child("b", "a")];
    expect(idsIn(treeOf([loop[0]!], loop)[0]!)).toEqual(["a", "b", "a"]);
  });

  it("are sought by their parents in words of the grammar", () => {
    expect(childrenOf(["x", "y"])).toBe("tags.mlflow.parentRunId = 'x' OR tags.mlflow.parentRunId = 'y'");
    for (const filter of [childrenOf(["x"]), TOP_LEVEL, NESTED]) {
      expect(() => parseFilter(filter, { entity: "runs" }), filter).not.toThrow();
    }
  });
});

describe("curves", () => {
  const curve = (run: string, values: (number | "NaN")[]) => ({
    run,
    metric: "auc",
    points: 100,
    sampled: values.map((value, step) => ({
      step: step * 10,
      occurredAt: new Date(step * 1000).toISOString(),
      relativeMs: step * 500,
      value,
    })),
  });
  const many = Array.from({ length: 12 }, (_, index) => ({
    ...runs[0]!,
    id: `r${index}`,
    name: `r${index}`,
  }));
  const asked = {
    curves: many.map(({ id }) => curve(id, [0.1, "NaN", 0.3])),
    runs: many,
    metric: "auc",
    across: "step" as const,
    smoothing: 0,
    marked: undefined,
  };

  it("E6/curves of ten runs have their colours, the others are one grey bundle without joins", () => {
    const { series, points, drawn, dropped } = curveSeries(asked);
    expect(series.map(({ isBundle, dashed }) => [isBundle ?? false, dashed ?? false])).toEqual([
      [true, false],
      ...Array.from({ length: 5 }, () => [false, false]),
      ...Array.from({ length: 5 }, () => [false, true]),
    ]);
    expect(series[0]?.points).toEqual([
      [0, 0.1],
      [20, 0.3],
      [Number.NaN, Number.NaN],
      [0, 0.1],
      [20, 0.3],
      [Number.NaN, Number.NaN],
    ]);
    expect([points, drawn, dropped]).toEqual([1200, 36, 12]);
  });

  it("stand over steps, clock or time since the start, and a run that is pointed at is drawn in full", () => {
    const over = (across: "step" | "time" | "relative") =>
      curveSeries({ ...asked, across, marked: "r11" }).series.at(-1);
    expect(over("step")).toMatchObject({ name: "r11", token: "ink-3" });
    expect(over("step")?.points[1]).toEqual([20, 0.3]);
    expect(over("time")?.points[1]).toEqual([2000, 0.3]);
    expect(over("relative")?.points[1]).toEqual([1000, 0.3]);
  });

  it("ask for fewer points of each, the more there are", () => {
    expect([1, 10, 20, 100, 200].map(mostPoints)).toEqual([
      { coloured: 1000, grey: 0 },
      { coloured: 1000, grey: 0 },
      { coloured: 300, grey: 300 },
      { coloured: 300, grey: 100 },
      { coloured: 300, grey: 60 },
    ]);
  });
});

describe("axes of a sweep", () => {
  const with_ = (params: Record<string, string>, auc: number) => ({
    ...runs[0]!,
    params,
    metrics: [
      { ...runs[0]!.metrics[0]!, name: "auc", points: 1, last: { ...runs[0]!.metrics[0]!.last, value: auc } },
    ],
  });
  const sweep = [
    with_({ rate: "0.001", depth: "4", booster: "dart" }, 0.8),
    with_({ rate: "1", depth: "8", booster: "gbtree" }, 0.9),
    with_({ depth: "6" }, Number.NaN),
  ];
  const axis = (key: "params.rate" | "params.depth" | "params.booster" | "metrics.auc") =>
    axisOf(key, sweep, String);

  it("E6/parallel lays numbers on a line, wide spans on a logarithm, texts side by side", () => {
    expect(axis("params.depth")).toMatchObject({ kind: "linear" });
    expect(sweep.map(axis("params.depth").placeOf)).toEqual([0, 1, 0.5]);
    expect(axis("params.rate").kind).toBe("log");
    expect(sweep.map(axis("params.rate").placeOf)).toEqual([0, 1, undefined]);
    expect(axis("params.booster").kind).toBe("category");
    expect(sweep.map(axis("params.booster").placeOf)).toEqual([0.25, 0.75, undefined]);
  });

  it("E6/scatter leaves a run without a finite value out", () => {
    expect(axis("metrics.auc").placeOf(sweep[2]!)).toBeUndefined();
    expect(axis("metrics.auc").placeOf(sweep[1]!)).toBeCloseTo(1);
  });

  it("narrow the runs to those within every brush", () => {
    const axes = [axis("params.depth"), axis("params.rate")];
    const within = (brushes: Record<string, readonly [number, number]>) =>
      sweep.map((run) => isBrushed(run, axes, new Map(Object.entries(brushes))));
    expect(within({})).toEqual([true, true, true]);
    expect(within({ "params.depth": [0.4, 1] })).toEqual([false, true, true]);
    expect(within({ "params.depth": [0.4, 1], "params.rate": [0, 1] })).toEqual([false, true, false]);
  });
});

describe("comparison", () => {
  const rows = compareRows(runs.slice(0, 3), runs[0]);

  it("hides nothing that differs and marks the best by word", () => {
    const auc = rows.find(({ name, aspect }) => name === "valid.auc" && aspect === "best");
    expect(auc?.cells.map(({ best }) => best)).toEqual([false, false, true]);
    expect(rows.find(({ name }) => name === "seed")?.differs).toBe(false);
  });

  it("shades what is not as in the baseline", () => {
    const rate = rows.find(({ name }) => name === "learning_rate");
    expect(rate?.cells.map(({ differs }) => differs)).toEqual([false, true, false]);
  });

  it("E6/table compares the asked values of curves", () => {
    const aspects = compareRows(runs.slice(0, 2), runs[0], ["min", "max"]).flatMap(
      ({ aspect }) => aspect ?? [],
    );
    expect(new Set(aspects)).toEqual(new Set(["min", "max"]));
  });

  it("names no best among equals", () => {
    const same = compareRows([runs[0]!, runs[0]!], runs[0]);
    expect(same.some(({ cells }) => cells.some(({ best }) => best))).toBe(false);
  });
});

describe("the CSV of runs", () => {
  it("has a column for every metric, param and tag, and a line for each run", () => {
    const csv = runsCsv({ metrics: ["valid.auc"], params: ["learning_rate"], tags: ["a,b"] });
    expect(csv.head).toBe(
      'id,name,state,startedAt,endedAt,user,metrics.valid.auc,params.learning_rate,"tags.a,b"\r\n',
    );
    const [first] = csv.rows(runs).split("\r\n");
    expect(first?.startsWith(`${runs[0]!.id},${runs[0]!.name},`)).toBe(true);
    expect(csv.rows([])).toBe("");
  });
});
