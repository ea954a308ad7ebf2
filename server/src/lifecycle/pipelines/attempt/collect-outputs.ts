import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fail, type OutputFile, type Port, type StepDefinition } from "@causeway/contract";
import type { Artifact, Artifacts } from "../../../platform/artifacts/index.ts";
import type { DatasetDoor, KeptVersion } from "../../data/index.ts";
import { keepFolder, mayBeFolder, notAsDeclared, notFolder } from "./folder-output.ts";

/** An output that is kept: a file or a folder's files in the store, or rows that wait to become a version. */
export type CollectedOutput =
  | {
      readonly kind: Exclude<Port["kind"], "dataset">;
      readonly artifact: Artifact;
      /** Of a folder, of whose list `artifact` is. */
      readonly files?: readonly OutputFile[];
    }
  | { readonly kind: "dataset"; readonly prepared: KeptVersion };

/** A report is read whole. */
const LARGEST_REPORT = 20 * 2 ** 20;

type Collecting = {
  readonly definition: StepDefinition;
  readonly folder: string;
  /** Column that names a row, for datasets that have it. */
  readonly key: string | null;
  readonly attempt: string;
  readonly signal: AbortSignal;
};

type Parts = {
  readonly artifacts: Pick<Artifacts, "write" | "writeFile">;
  readonly datasets: Pick<DatasetDoor, "prepare">;
};

/** Makes the collector of what a step wrote; an output that is missing or of the wrong form fails the step. */
export function createOutputCollector({ artifacts, datasets }: Parts) {
  async function collectOne(name: string, port: Port, at: Collecting): Promise<CollectedOutput> {
    const path = join(at.folder, name);
    if (port.kind === "dataset") {
      const paths = await parquetFiles(path, { name, step: at.definition.name });
      const prepared = await datasets.prepare(
        { paths, key: at.key, name: `${at.definition.name}.${name}` },
        { attempt: at.attempt, signal: at.signal },
      );
      return { kind: "dataset", prepared };
    }
    const found = await lstat(path).catch(() => undefined);
    if (found === undefined) throw missing(at.definition, name);
    const place = { name, step: at.definition.name, port };
    if (found.isDirectory() && mayBeFolder(port))
      return { kind: port.kind, ...(await keepFolder(path, { place, artifacts })) };
    if (!found.isFile()) throw notAsDeclared(place);
    if (port.format === "mlflow") throw notFolder(place);
    if (port.kind === "report")
      await checkReport(path, { name, step: at.definition.name, bytes: found.size });
    return { kind: port.kind, artifact: await artifacts.writeFile(path, { take: true }) };
  }

  return async function collectOutputs(at: Collecting): Promise<Record<string, CollectedOutput>> {
    const entries = Object.entries(at.definition.outputs).map(
      async ([name, port]) => [name, await collectOne(name, port, at)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  };
}

async function parquetFiles(path: string, { name, step }: { name: string; step: string }): Promise<string[]> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isFile()) return [path];
  const entries = found?.isDirectory() ? await readdir(path, { withFileTypes: true }) : [];
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(path, entry.name));
  if (files.length > 0) return files.toSorted();
  throw fail("STEP_FAILED", {
    message: `${step} ended without writing its output ${name}`,
    field: name,
    help: `Write one or more Parquet files into the folder that step.out("${name}") names.`,
  });
}

async function checkReport(path: string, at: { name: string; step: string; bytes: number }): Promise<void> {
  try {
    if (at.bytes > LARGEST_REPORT) throw new RangeError("it is larger than 20 MiB");
    JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw fail("STEP_FAILED", {
      message: `The report ${at.name} of ${at.step} is not JSON: ${cause instanceof Error ? cause.message : cause}`,
      field: at.name,
      help: "Write one JSON value.",
      cause,
    });
  }
}

function missing(definition: StepDefinition, name: string): Error {
  return fail("STEP_FAILED", {
    message: `${definition.name} ended without writing its output ${name}`,
    field: name,
    help:
      definition.work.kind === "function"
        ? `Return ${name} from the step.`
        : `Write it to the path that outputs.${name} of $CAUSEWAY_STEP names; in Python step.out("${name}").`,
  });
}
