import { fail } from "@causeway/contract";
import type { Tx } from "../../platform/database/index.ts";
import { type ExperimentRow, experimentsStore } from "./experiments-store.ts";

/** The experiment of a name, made on first sight; two who make the same one at once get the same. */
export async function ensureExperiment(
  tx: Tx,
  wanted: { project: string; name: string; now: Date },
): Promise<ExperimentRow> {
  const { project, name, now } = wanted;
  const store = experimentsStore(tx);
  const found = await store.findByName(project, name);
  if (found !== undefined) return living(found, name);
  const last = await store.lockNumbers(project);
  await store.insertDefault(project);
  const meanwhile = await store.findByName(project, name);
  if (meanwhile !== undefined) return living(meanwhile, name);
  const number = last + 1;
  const key = await store.insertExperiment({ project, number, name, artifactLocation: null, createdAt: now });
  return { key, number, deletedAt: null };
}

function living(found: ExperimentRow, name: string): ExperimentRow {
  if (found.deletedAt === null) return found;
  throw deletedExperiment(name);
}

/** The refusal to use an experiment that is deleted. */
export function deletedExperiment(name: string) {
  return fail("CONFLICT", {
    message: `the experiment ${name} is deleted and keeps its name until a clean-up`,
    field: "experiment",
    value: name,
    help: `Restore it (npx --no causeway experiments restore --experiment ${JSON.stringify(name)}), remove it for good (npx --no causeway experiments clean-up --yes), or take another name.`,
  });
}
