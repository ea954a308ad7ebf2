import { type DesiredDeployment, fail } from "@causeway/contract";
import pino from "pino";
import { describe, expect, it } from "vitest";
import { signature } from "../../testing/signatures.ts";
import type { ServedModel } from "../models/served-model.ts";
import { createSwitcher } from "./switcher.ts";

const log = pino({ level: "silent" });

function desired(revision: number, more: Partial<DesiredDeployment> = {}): DesiredDeployment {
  return {
    project: "default",
    environment: "dev",
    name: "churn",
    revision,
    model: "churn",
    version: revision,
    digest: "0".repeat(64),
    format: "onnx",
    files: [],
    signature: signature([]),
    golden: [],
    pythonEnvironment: null,
    key: null,
    keys: [],
    ...more,
  };
}

/** A loader whose loads end when the test says so. */
function loader() {
  const pending = new Map<number, { finish: () => void; refuse: (error: Error) => void }>();
  const loads: number[] = [];
  const retired: number[] = [];
  const deaths = new Map<number, (cause: Error) => void>();
  const load = (of: DesiredDeployment, onDeath: (cause: Error) => void) =>
    new Promise<ServedModel>((resolve, reject) => {
      loads.push(of.revision);
      deaths.set(of.revision, onDeath);
      const model = {
        desired: of,
        facts: { golden: { equal: 0, rows: 0 }, loadMs: 1, rowMs: 1 },
        retire: async () => void retired.push(of.revision),
      };
      // The switcher touches these members of a served model alone.
      pending.set(of.revision, { finish: () => resolve(model as unknown as ServedModel), refuse: reject });
    });
  return { pending, loads, retired, deaths, load };
}

const turn = () => new Promise((resume) => setTimeout(resume, 1));

function create({ load }: Pick<ReturnType<typeof loader>, "load">, retryMs = 5) {
  const switcher = createSwitcher({ load, log, onChange: () => undefined, retryMs });
  const apply = (...deployments: DesiredDeployment[]) => switcher.apply({ tag: "t", deployments });
  const serving = () => switcher.find("default/dev/churn")?.serving()?.desired.revision;
  return { switcher, apply, serving };
}

describe("switcher", () => {
  it("serves the old revision until the new one is ready, then retires it", async () => {
    const models = loader();
    const { switcher, apply, serving } = create(models);
    apply(desired(1));
    expect([serving(), switcher.settled()]).toEqual([undefined, false]);
    models.pending.get(1)?.finish();
    await turn();
    apply(desired(2));
    await turn();
    expect([serving(), switcher.reports()[0]?.state, switcher.settled()]).toEqual([1, "loading", true]);
    models.pending.get(2)?.finish();
    await turn();
    expect([serving(), models.retired]).toEqual([2, [1]]);
    await switcher.close();
    expect(models.retired).toEqual([1, 2]);
  });

  it("throws a loaded revision away when another is wanted meanwhile", async () => {
    const models = loader();
    const { apply, serving } = create(models);
    apply(desired(1));
    apply(desired(2));
    apply(desired(3));
    models.pending.get(1)?.finish();
    await turn();
    models.pending.get(3)?.finish();
    await turn();
    expect([serving(), models.loads, models.retired]).toEqual([3, [1, 3], [1]]);
  });

  it("tries again what failed for a passing reason, and leaves what no try can mend", async () => {
    const models = loader();
    const { switcher, apply, serving } = create(models);
    apply(desired(1));
    models.pending.get(1)?.refuse(fail("UNAVAILABLE", { message: "control is away" }));
    await turn();
    expect(switcher.reports()[0]).toMatchObject({ state: "failed", problem: "UNAVAILABLE: control is away" });
    await expect.poll(() => models.loads).toEqual([1, 1]);
    models.pending.get(1)?.finish();
    await turn();
    expect(serving()).toBe(1);
    apply(desired(2));
    await turn();
    models.pending.get(2)?.refuse(fail("GOLDEN_MISMATCH", { message: "row 3" }));
    await new Promise((resume) => setTimeout(resume, 30));
    expect([serving(), models.loads]).toEqual([1, [1, 1, 2]]);
    apply(desired(1));
    await turn();
    expect([serving(), models.loads]).toEqual([1, [1, 1, 2]]);
    expect(switcher.reports()[0]).toMatchObject({ revision: 1, state: "ready", problem: null });
  });

  it("loads a model anew whose thread ended", async () => {
    const models = loader();
    const { apply, serving } = create(models);
    apply(desired(1));
    models.pending.get(1)?.finish();
    await turn();
    models.deaths.get(1)?.(new Error("the thread ended"));
    expect(serving()).toBeUndefined();
    await turn();
    models.pending.get(1)?.finish();
    await turn();
    expect([serving(), models.loads]).toEqual([1, [1, 1]]);
  });

  it("does not mind the end of a model that was replaced", async () => {
    const models = loader();
    const { apply, serving } = create(models);
    apply(desired(1));
    models.pending.get(1)?.finish();
    await turn();
    apply(desired(2));
    await turn();
    models.pending.get(2)?.finish();
    await turn();
    models.deaths.get(1)?.(new Error("the old thread ended"));
    await turn();
    expect([serving(), models.loads]).toEqual([2, [1, 2]]);
  });

  it("drops what is no longer wanted, also while it loads", async () => {
    const models = loader();
    const { switcher, apply } = create(models);
    apply(desired(1));
    apply();
    expect(switcher.list()).toEqual([]);
    models.pending.get(1)?.finish();
    await turn();
    expect([models.retired, switcher.settled()]).toEqual([[1], true]);
  });
});
