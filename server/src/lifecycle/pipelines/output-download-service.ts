import { basename } from "node:path";
import type { Readable } from "node:stream";
import { fail, type OutputFile, type StepOutput } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Database } from "../../platform/database/index.ts";
import { type RunRow, runsStore, type StepRow } from "./runs-store.ts";

type Wanted = {
  readonly pipeline: string;
  readonly number: number;
  readonly step: string;
  readonly output: string;
  /** Of a file in an output that is a folder. */
  readonly path?: string | undefined;
};

type Parts = {
  readonly database: Pick<Database, "db">;
  readonly artifacts: Pick<Artifacts, "read" | "stat">;
  readonly requireRun: (input: Wanted, call: Call) => Promise<RunRow>;
};

type Download = { readonly stream: Readable; readonly bytes: number; readonly name: string };

/** Makes the download of what steps made: a file, a file of a folder, or a folder's list of files. */
export function createOutputDownload({ database, artifacts, requireRun }: Parts) {
  return async function downloadOutput(input: Wanted, call: Call): Promise<Download> {
    const run = await requireRun(input, call);
    const step = await runsStore(database.db).findStep(run.id, input.step);
    const output = step?.outputs[input.output];
    if (output === undefined) throw noOutput(input, step);
    if (output.kind === "dataset") throw isDataset(input.output, output);
    const name = `${input.step}-${input.output}`;
    if (input.path !== undefined) {
      const { digest, bytes, path } = requireFile(output, { output: input.output, path: input.path });
      return { stream: artifacts.read(digest), bytes, name: `${name}-${basename(path)}` };
    }
    if (output.files === undefined)
      return { stream: artifacts.read(output.digest), bytes: output.bytes, name };
    const list = await artifacts.stat(output.digest);
    return { stream: artifacts.read(list.digest), bytes: list.bytes, name: `${name}.json` };
  };
}

/** Files that a message names at most. */
const MOST_NAMED = 5;

function requireFile(
  { files = [] }: StepOutput,
  { output, path }: { readonly output: string; readonly path: string },
): OutputFile {
  const found = files.find((file) => file.path === path);
  if (found !== undefined) return found;
  const some = files.slice(0, MOST_NAMED).map((file) => file.path);
  const rest = files.length > MOST_NAMED ? ` and ${files.length - MOST_NAMED} more` : "";
  throw fail("NOT_FOUND", {
    message: files.length === 0 ? `${output} is one file, not a folder` : `${output} has no file ${path}`,
    field: "path",
    value: path,
    help: files.length === 0 ? "Leave the path out." : `It holds ${some.join(", ")}${rest}.`,
  });
}

function noOutput({ step, number, pipeline, output }: Wanted, found: StepRow | undefined): Error {
  return fail("NOT_FOUND", {
    message: `${step} of run ${number} of ${pipeline} has no output ${output}`,
    field: "output",
    value: output,
    help:
      found === undefined
        ? "There is no such step."
        : `The step is ${found.state}; it has ${Object.keys(found.outputs).join(", ") || "no outputs"}.`,
  });
}

function isDataset(name: string, { subject }: StepOutput): Error {
  return fail("BAD_REQUEST", {
    message: `${name} is a dataset version, not a file`,
    field: "output",
    value: name,
    help: `Read its parts: ${subject ?? "/api/data/datasets"}`,
  });
}
