import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail } from "@causeway/contract";
import { type Command, Option } from "commander";
import { count, duration } from "../formats.ts";
import { IMPORTED_THINGS } from "../import/import-counts.ts";
import { createMlflowAnswers } from "../import/mlflow-answers.ts";
import { mlflowServer } from "../import/mlflow-server.ts";
import { mlrunsFolder } from "../import/mlruns-folder.ts";
import { runImport } from "../import/run-import.ts";
import { openScratchFolder } from "../import/scratch-folder.ts";
import type { Source } from "../import/source.ts";
import { wandbRuns } from "../import/wandb-runs.ts";
import { action, type Session } from "../session.ts";
import { table } from "../table.ts";

const COLUMNS = ["found", "taken", "here already", "left out"];

type ImportOptions = { from?: "mlflow" | "wandb"; sourceTokenFile?: string };

/** `causeway experiments import …`. */
export function addExperimentsImport(experiments: Command): void {
  experiments
    .command("import <source>")
    .description(
      "take over runs, metrics, files, models and aliases: an mlruns folder, the address of an MLflow server, or a wandb folder",
    )
    .addOption(new Option("--from <tracker>", "instead of by the looks of it").choices(["mlflow", "wandb"]))
    .option("--source-token-file <file>", "file with the token of the MLflow server to import from")
    .action(action(importFrom));
}

async function importFrom({ client, out }: Session, [given]: [string], options: ImportOptions) {
  const startedAt = performance.now();
  const source = await openSource(given, options, out.note);
  const counts = await runImport({
    client,
    source,
    warn: out.note,
    onProgress: (so, now) => {
      const seconds = (performance.now() - startedAt) / 1000;
      const runs = so.of("runs");
      const rate = (runs.taken / seconds).toFixed(1);
      out.progress.update(
        `${count(runs.found)} runs, ${count(so.of("points").taken)} points, ${count(so.of("files").taken)} files, ${rate} runs/s: ${now}`,
      );
    },
  }).finally(() => source.close());
  out.progress.done();
  const rows = IMPORTED_THINGS.map((thing) => {
    const { found, taken, here } = counts.of(thing);
    return { thing, found, taken, here, left: found - taken - here };
  });
  out.answer({ source: source.name, seconds: (performance.now() - startedAt) / 1000, counts: rows }, () =>
    [
      table(
        ["", ...COLUMNS],
        rows.map(({ thing, found, taken, here, left }) => [thing, ...[found, taken, here, left].map(count)]),
        COLUMNS,
      ),
      `imported from ${source.name} in ${duration(performance.now() - startedAt)}; do it again at any time: nothing is doubled`,
    ].join("\n"),
  );
}

async function openSource(
  given: string,
  { from, sourceTokenFile }: ImportOptions,
  warn: (text: string) => void,
): Promise<Source> {
  if (/^https?:\/\//.test(given)) {
    const openScratch = () => openScratchFolder(tmpdir(), { pid: process.pid, newId: randomUUID });
    return mlflowServer(createMlflowAnswers({ ...serverOf(given, sourceTokenFile), openScratch }));
  }
  const isFolder = await stat(given).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    throw fail("BAD_DATA", {
      message: `${given} is no folder and no address`,
      field: "source",
      value: given,
      help: "Give an mlruns folder, a wandb folder, or http://… of an MLflow server.",
    });
  }
  const names = await readdir(given);
  const nested = names.includes("mlruns")
    ? join(given, "mlruns")
    : names.includes("wandb")
      ? join(given, "wandb")
      : given;
  const looksLikeWandb = (await readdir(nested)).some((name) => /^(offline-)?run-|\.wandb$/.test(name));
  if (from === "wandb" || (from === undefined && looksLikeWandb)) return wandbRuns(nested, warn);
  if (from === undefined && !(await hasExperiment(nested))) {
    throw fail("BAD_DATA", {
      message: `${given} has no experiment of MLflow and no run of Weights & Biases`,
      field: "source",
      value: given,
      help: "Give the mlruns folder itself (its folders have a meta.yaml), or a wandb folder with runs in it.",
    });
  }
  return mlrunsFolder(nested, warn);
}

async function hasExperiment(folder: string): Promise<boolean> {
  for (const name of await readdir(folder)) {
    const meta = await readFile(join(folder, name, "meta.yaml"), "utf8").catch(() => "");
    if (meta.includes("experiment_id")) return true;
  }
  return false;
}

/** A name and password may stand in the address, as in other tools; a token comes from a file, so that no list of processes shows it. */
function serverOf(given: string, tokenFile: string | undefined) {
  const url = new URL(given);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString(
    "base64",
  );
  const authorization =
    tokenFile === undefined
      ? username === ""
        ? undefined
        : `Basic ${basic}`
      : `Bearer ${readFileSync(tokenFile, "utf8").trim()}`;
  return { url: url.href, authorization };
}
