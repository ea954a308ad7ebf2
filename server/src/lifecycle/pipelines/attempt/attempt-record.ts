import type { RunRecord, StepDefinition } from "@causeway/contract";
import type { RunRow, StepRow } from "../runs-store.ts";
import type { StepInput } from "../step-input.ts";

type Recording = {
  readonly run: RunRow;
  readonly definition: StepDefinition;
  readonly row: StepRow;
  readonly inputs: Readonly<Record<string, StepInput>>;
  readonly hardware: RunRecord["hardware"];
  readonly nodeVersion: string;
};

/** What an attempt's experiment run was made from: the five drivers. */
export function attemptRecord({ run, definition, row, inputs, hardware, nodeVersion }: Recording): RunRecord {
  const sent = run.record.code;
  const isNode = definition.work.kind === "function" || definition.work.kind === "library";
  return {
    data: Object.entries(inputs).flatMap(([name, { dataset }]) =>
      dataset === undefined ? [] : [{ name, dataset: dataset.name, digest: dataset.version }],
    ),
    code: {
      commit: sent?.commit ?? null,
      branch: sent?.branch ?? null,
      repository: sent?.repository ?? null,
      diff: sent?.diff ?? null,
      digest: definition.code,
    },
    config: { ...row.params },
    seeds: Object.fromEntries(
      Object.entries(row.params).flatMap(([name, value]) =>
        /seed/i.test(name) && Number.isSafeInteger(value) ? [[name, Number(value)]] : [],
      ),
    ),
    lock: definition.lock === null ? (run.record.lock ?? null) : { kind: "pip", digest: definition.lock },
    runtime: isNode ? `node ${nodeVersion}` : definition.work.kind,
    hardware,
  };
}
