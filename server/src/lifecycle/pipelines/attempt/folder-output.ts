import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { Readable } from "node:stream";
import { fail, type OutputFile, type Port } from "@causeway/contract";
import canonicalize from "canonicalize";
import type { Artifact, Artifacts } from "../../../platform/artifacts/index.ts";

/** Every run carries the lists of its outputs, so that a folder is no place for a file per row. */
const MOST_FILES = 1_000;

/** Name of the file that makes a folder a model of MLflow. */
const ML_MODEL_FILE = "MLmodel";

/** A folder that is kept: its list of files, and each of them, in the store. */
export type KeptFolder = { readonly artifact: Artifact; readonly files: readonly OutputFile[] };

/** An output as messages name it. */
export type OutputPlace = { readonly name: string; readonly step: string; readonly port: Port };

/** Whether an output may be a folder: one of MLflow has to be, one of another format is a file. */
export function mayBeFolder({ kind, format }: Port): boolean {
  return kind === "file" || (kind === "model" && (format === undefined || format === "mlflow"));
}

/** Keeps each file of a folder, and their list, whose digest is the folder's. */
export async function keepFolder(
  folder: string,
  { place, artifacts }: { place: OutputPlace; artifacts: Pick<Artifacts, "write" | "writeFile"> },
): Promise<KeptFolder> {
  const paths = await filePaths(folder, place);
  if (place.port.format === "mlflow" && !paths.includes(ML_MODEL_FILE)) throw noMlModel(place);
  const files: OutputFile[] = [];
  for (const path of paths)
    files.push({ path, ...(await artifacts.writeFile(join(folder, path), { take: true })) });
  return { files, artifact: await artifacts.write(Readable.from([canonicalize(files) ?? ""])) };
}

/** The paths of a folder's files in the order of their characters, which is the same on every machine. */
async function filePaths(folder: string, place: OutputPlace): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  // What a link names may change or leave the folder: it is no content to keep.
  const strange = files.find((entry) => !entry.isFile());
  if (strange !== undefined) throw notPlain(place, relative(folder, join(strange.parentPath, strange.name)));
  if (files.length === 0) throw nothingIn(place);
  if (files.length > MOST_FILES) throw tooMany(place, files.length);
  return files.map(({ parentPath, name }) => relative(folder, join(parentPath, name))).sort();
}

/** The refusal of what is neither a file nor, where that is allowed, a folder. */
export function notAsDeclared({ name, step, port }: OutputPlace): Error {
  return fail("STEP_FAILED", {
    message: `The output ${name} of ${step} is not a plain file`,
    field: name,
    help:
      port.kind === "model"
        ? `Write the model as one file; where it is a folder of MLflow, declare it so: output: { ${name}: model("mlflow") }.`
        : `Write the ${port.kind} as one file.`,
  });
}

/** The refusal of a file where a folder of MLflow is declared. */
export function notFolder({ name, step }: OutputPlace): Error {
  return fail("STEP_FAILED", {
    message: `The output ${name} of ${step} is a file, and a model of MLflow is a folder`,
    field: name,
    help: `Save the model to the path itself: mlflow.sklearn.save_model(model, step.out("${name}")).`,
  });
}

function noMlModel({ name, step }: OutputPlace): Error {
  return fail("STEP_FAILED", {
    message: `The output ${name} of ${step} has no file ${ML_MODEL_FILE}, so it is no model of MLflow`,
    field: name,
    help: `Save the model to the path itself: mlflow.sklearn.save_model(model, step.out("${name}")).`,
  });
}

function notPlain({ name, step }: OutputPlace, path: string): Error {
  return fail("STEP_FAILED", {
    message: `The output ${name} of ${step} holds ${path}, which is not a plain file`,
    field: name,
    value: path,
    help: "Copy what a link names into the folder.",
  });
}

function nothingIn({ name, step }: OutputPlace): Error {
  return fail("STEP_FAILED", {
    message: `The output ${name} of ${step} is a folder without files`,
    field: name,
    help: "Write its files before the step ends.",
  });
}

function tooMany({ name, step }: OutputPlace, count: number): Error {
  return fail("STEP_FAILED", {
    message: `The output ${name} of ${step} is a folder of ${count} files; at most ${MOST_FILES} are kept`,
    field: name,
    value: count,
    help: "Pack them into one archive, or write rows as a dataset.",
  });
}
