import type { Command } from "commander";
import { bytes, metric } from "../formats.ts";
import { saveStream } from "../save-stream.ts";
import { action, all, type Session } from "../session.ts";
import { table } from "../table.ts";
import { addExperimentsImport } from "./experiments-import.ts";
import { addExperimentsSearch } from "./experiments-search.ts";
import { addExperimentsUpkeep } from "./experiments-upkeep.ts";

/** `causeway experiments …`. */
export function addExperimentsCommands(program: Command): void {
  const experiments = program
    .command("experiments")
    .description("runs: params, metrics, artifacts, what they were made from");
  addExperimentsImport(experiments);
  addExperimentsSearch(experiments);
  addExperimentsUpkeep(experiments);
  experiments
    .command("list")
    .description("experiments")
    .action(
      action(async ({ client, out }: Session) => {
        const items = await all((paging) => client.experiments.listExperiments(paging));
        out.answer({ items }, () =>
          table(
            ["id", "experiment", "runs", "created"],
            items.map((one) => [one.id, one.name, one.runs, one.createdAt]),
            ["id", "runs"],
          ),
        );
      }),
    );
  experiments
    .command("runs [experiment]")
    .description("runs, newest first")
    .option("--limit <count>", "how many", "50")
    .action(
      action(
        async ({ client, out }: Session, [experiment]: [string | undefined], options: { limit: string }) => {
          const filter = experiment === undefined ? {} : { experiment };
          const items = await all(
            (paging) => client.experiments.listRuns({ ...filter, ...paging }),
            Number(options.limit),
          );
          out.answer({ items }, () =>
            table(
              ["run", "name", "experiment", "state", "metrics", "started"],
              items.map((run) => [
                run.id.slice(0, 8),
                run.name,
                run.experiment.name,
                run.state,
                run.metrics
                  .slice(0, 3)
                  .map((one) => `${one.name} ${metric(one.last.value)}`)
                  .join(", "),
                run.startedAt,
              ]),
            ),
          );
        },
      ),
    );
  experiments
    .command("show <run>")
    .description("one run with everything it was made from")
    .action(action(show));
  experiments
    .command("artifacts <run>")
    .description("files of a run")
    .action(
      action(async ({ client, out }: Session, [run]: [string]) => {
        const items = await all((paging) => client.experiments.listArtifacts({ run, ...paging }));
        out.answer({ items }, () =>
          table(
            ["path", "size", "sha256"],
            items.map((one) => [one.path, bytes(one.bytes), one.digest]),
            ["size"],
          ),
        );
      }),
    );
  experiments
    .command("download <run> <path> <file>")
    .description("write a file of a run to disk")
    .action(
      action(async ({ client, out }: Session, [run, path, file]: [string, string, string]) => {
        const { stream } = await client.experiments.downloadArtifact({ run, path });
        await saveStream(stream, file);
        out.answer({ file }, () => `wrote ${file}`);
      }),
    );
}

async function show({ client, out }: Session, [id]: [string]): Promise<void> {
  const run = await client.experiments.getRun({ run: id });
  out.answer(run, () => {
    const { record } = run;
    const facts: [string, string][] = [
      ["run", `${run.id}  ${run.name}`],
      ["experiment", run.experiment.name],
      ["state", run.endedAt === null ? run.state : `${run.state}, ended ${run.endedAt}`],
      ...record.data.map((one) => fact("data", `${one.name} ${one.dataset ?? ""}@${one.digest.slice(0, 6)}`)),
      ...(record.code?.commit
        ? [fact("code", `${record.code.commit}${record.code.diff ? " with uncommitted changes" : ""}`)]
        : []),
      ...(record.runtime ? [fact("runtime", record.runtime)] : []),
      ...(record.hardware
        ? [
            fact(
              "machine",
              `${record.hardware.cpu}, ${record.hardware.cores} cores, ${bytes(record.hardware.memoryBytes)}`,
            ),
          ]
        : []),
    ];
    const usage = run.usage.map(
      (one) =>
        `attempt ${one.attempt}: ${one.cpuSeconds.toFixed(1)} s of cpu, ${bytes(one.peakMemoryBytes)} at most`,
    );
    return [
      table(["", ""], facts).trimStart(),
      ...usage,
      "",
      table(["param", "value"], Object.entries(run.params)),
      "",
      table(
        ["metric", "last", "step", "min", "max"],
        run.metrics.map((one) => [
          one.name,
          metric(one.last.value),
          one.last.step,
          metric(one.min),
          metric(one.max),
        ]),
        ["last", "step", "min", "max"],
      ),
    ].join("\n");
  });
}

/** A line of what is told about one thing: its name and its text. */
function fact(name: string, text: string): [string, string] {
  return [name, text];
}
