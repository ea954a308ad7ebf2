import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import type { OutputFile } from "@causeway/contract";
import { loadPipeline } from "@causeway/sdk/bundle";
import { capture } from "@causeway/sdk/capture";
import type { Command } from "commander";
import { duration, short } from "../formats.ts";
import { outputOf } from "../output.ts";
import { withLocalInstallation } from "../pipelines/local-installation.ts";
import { paramsFrom } from "../pipelines/param-options.ts";
import { followToEnd } from "../pipelines/run-display.ts";
import { saveStream } from "../save-stream.ts";
import { action, all, openSession, type Session, type SharedOptions } from "../session.ts";
import { table } from "../table.ts";

/** `causeway pipelines …`. */
export function addPipelinesCommands(program: Command): void {
  const pipelines = program.command("pipelines").description("pipelines: deploy, run, follow, cancel");
  pipelines
    .command("deploy <file>")
    .description("pack a pipeline file with its code and locks, so that it can run unattended as it is now")
    .action(
      action(async (session: Session, [file]: [string]) => {
        const version = await deploy(session, file);
        session.out.answer(version, () => `${version.pipeline} version ${short(version.digest)}`);
      }),
    );
  pipelines
    .command("run <pipeline> [params...]")
    .description("run a pipeline file, or a deployed pipeline by name; params as --name value")
    .option("--fresh", "run every step, whatever the cache holds")
    .option("--logs", "print the steps' log lines as they are written")
    .option("--local", "in a Causeway of its own in a temporary folder; a dataset param takes a file")
    .allowUnknownOption()
    .action(async (...received: unknown[]) => {
      // commander's contract, as `action` has it; with --local there is no session to open beforehand.
      const [pipeline, given, , command] = received as [string, string[], unknown, Command];
      const options = command.optsWithGlobals<SharedOptions & RunOptions>();
      if (options.local !== true) return run(openSession(command), { pipeline, given }, options);
      await withLocalInstallation(outputOf(options), (session) => run(session, { pipeline, given }, options));
    });
  pipelines
    .command("list")
    .description("pipelines with their newest version and run")
    .action(
      action(async ({ client, out }: Session) => {
        const items = await all((paging) => client.pipelines.listPipelines(paging));
        out.answer({ items }, () =>
          table(
            ["pipeline", "version", "last run", "state", "deployed"],
            items.map((one) => [
              one.name,
              short(one.latest.digest),
              one.runs[0]?.number,
              one.runs[0]?.state,
              one.latest.createdAt,
            ]),
            ["last run"],
          ),
        );
      }),
    );
  pipelines
    .command("runs [pipeline]")
    .description("runs, newest first")
    .option("--limit <count>", "how many", "50")
    .action(
      action(async ({ client, out }: Session, [name]: [string | undefined], options: { limit: string }) => {
        const filter = name === undefined ? {} : { pipeline: name };
        const read = (paging: { limit: number; after?: string }) =>
          client.pipelines.listRuns({ ...filter, ...paging });
        const items = await all(read, Number(options.limit));
        out.answer({ items }, () =>
          table(
            ["pipeline", "run", "state", "took", "created", "by"],
            items.map((one) => [
              one.pipeline,
              one.number,
              one.state,
              one.startedAt && one.endedAt
                ? duration(Date.parse(one.endedAt) - Date.parse(one.startedAt))
                : null,
              one.createdAt,
              one.createdBy.name,
            ]),
            ["run", "took"],
          ),
        );
      }),
    );
  pipelines
    .command("show <pipeline> <number>")
    .description("a run with its steps, what each did and why")
    .action(
      action(async ({ client, out }: Session, [pipeline, number]: [string, string]) => {
        const shown = await client.pipelines.getRun({ pipeline, number: Number(number) });
        out.answer(shown, () =>
          table(
            ["step", "state", "why", "attempts", "result"],
            shown.steps.map((step) => [step.name, step.state, step.why, step.attempts.length, step.summary]),
            ["attempts"],
          ),
        );
      }),
    );
  pipelines
    .command("logs <pipeline> <number> [step]")
    .description("log lines of a run, or of one step")
    .action(
      action(
        async ({ client, out }: Session, [pipeline, number, step]: [string, string, string | undefined]) => {
          const filter = { pipeline, number: Number(number), ...(step === undefined ? {} : { step }) };
          const items = await all((paging) => client.pipelines.listLogs({ ...filter, ...paging }), 100_000);
          out.answer({ items }, () => items.map((line) => `${line.at} ${line.step} ${line.text}`).join("\n"));
        },
      ),
    );
  pipelines
    .command("cancel <pipeline> <number>")
    .description("stop a run and every process of its steps")
    .action(
      action(async ({ client, out }: Session, [pipeline, number]: [string, string]) => {
        const run = await client.pipelines.cancelRun({ pipeline, number: Number(number) });
        out.answer(run, () => `${pipeline} ${number}: ${run.state}`);
      }),
    );
  pipelines
    .command("download <pipeline> <number> <step> <output> <file>")
    .description("write a step's output to disk; one that is a folder becomes a folder")
    .option("--path <path>", "only this file of an output that is a folder")
    .action(
      action(async ({ client, out }: Session, given: DownloadArguments, options: { path?: string }) => {
        const [pipeline, number, step, output, file] = given;
        const wanted = { pipeline, number: Number(number), step, output };
        const files = options.path === undefined ? await filesOf(client, wanted) : undefined;
        if (files !== undefined) {
          await saveFolder(client, { wanted, files, folder: file });
          return out.answer({ folder: file, files }, () => `wrote ${files.length} files to ${file}`);
        }
        const { stream } = await client.pipelines.downloadOutput({ ...wanted, ...options });
        await saveStream(stream, file);
        out.answer({ file }, () => `wrote ${file}`);
      }),
    );
}

type DownloadArguments = [pipeline: string, number: string, step: string, output: string, file: string];

type Wanted = {
  readonly pipeline: string;
  readonly number: number;
  readonly step: string;
  readonly output: string;
};

/** The files of an output that is a folder; undefined of a file, and of what is not there, which the download will say. */
async function filesOf({ pipelines }: Session["client"], wanted: Wanted): Promise<OutputFile[] | undefined> {
  const { pipeline, number } = wanted;
  const { steps } = await pipelines.getRun({ pipeline, number });
  return steps.find(({ name }) => name === wanted.step)?.outputs[wanted.output]?.files;
}

/** Writes every file of an output under its own name below a folder, which is made. */
async function saveFolder(
  { pipelines }: Session["client"],
  { wanted, files, folder }: { wanted: Wanted; files: readonly OutputFile[]; folder: string },
): Promise<void> {
  const root = resolve(folder);
  for (const { path } of files) {
    const target = resolve(root, path);
    if (!target.startsWith(`${root}${sep}`)) throw new Error(`${path} would be written outside of ${folder}`);
    await mkdir(dirname(target), { recursive: true });
    const { stream } = await pipelines.downloadOutput({ ...wanted, path });
    await saveStream(stream, target);
  }
}

type RunOptions = { fresh?: boolean; logs?: boolean; local?: boolean };

async function run(
  session: Session,
  { pipeline, given }: { pipeline: string; given: readonly string[] },
  options: RunOptions,
): Promise<void> {
  const { client } = session;
  const isFile = /\.[cm]?[jt]s$/.test(pipeline) || existsSync(pipeline);
  const version = isFile
    ? await deploy(session, pipeline)
    : (await client.pipelines.getPipeline({ pipeline })).latest;
  const params = await paramsFrom(session, {
    definition: version.definition,
    given,
    importsFiles: options.local ?? false,
  });
  const started = await client.pipelines.startRun({
    pipeline: version.pipeline,
    version: version.digest,
    params,
    fresh: options.fresh ?? false,
    ...(isFile ? { record: await recordOf(session, pipeline) } : {}),
  });
  await followToEnd(session, started, { logs: options.logs ?? false });
}

/** What this machine knows of the code in a file: its commit and what is not committed. */
async function recordOf({ client }: Session, file: string) {
  const { code, record } = await capture(dirname(resolve(file)));
  const { lock, runtime, hardware } = record;
  if (code === null) return { lock, runtime, hardware };
  const { diff, ...state } = code;
  const kept = diff === null ? null : await client.pipelines.uploadBundle({}, new Blob([diff]));
  return { lock, runtime, hardware, code: { ...state, diff: kept?.digest ?? null, digest: null } };
}

async function deploy({ client }: Session, file: string) {
  const loaded = await loadPipeline(file);
  // The bytes of a fresh Uint8Array are its whole buffer; Blob wants to know that they are not shared.
  const { digest } = await client.pipelines.uploadBundle({}, new Blob([new Uint8Array(loaded.bundle)]));
  return client.pipelines.deploy({
    pipeline: loaded.definition.name,
    bundle: digest,
    definition: loaded.definition,
  });
}
