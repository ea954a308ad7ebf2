import { type Cleanup, fail } from "@causeway/contract";
import type { Command } from "commander";
import { bytes } from "../formats.ts";
import { action, all, type Session } from "../session.ts";
import { table } from "../table.ts";

const gather = (text: string, given: readonly string[]) => [...given, text];

/** Runs or an experiment, as a command names them. */
type Named = { readonly run: readonly string[]; readonly experiment?: string };

/** `causeway experiments delete`, `restore`, `tag`, `note`, `rename`, `models` and `clean-up`. */
export function addExperimentsUpkeep(experiments: Command): void {
  const naming = (command: Command) =>
    command
      .option("--run <run>", "a run by its id or the beginning of it; may be given again", gather, [])
      .option("--experiment <name>", "an experiment by its name or number");
  naming(experiments.command("delete"))
    .description("delete runs, or an experiment with its runs; they can be restored until a clean-up")
    .action(action(remove));
  naming(experiments.command("restore"))
    .description("bring deleted runs or an experiment back")
    .action(action(restore));
  naming(experiments.command("tag [name=value...]"))
    .description("set and remove tags, for example: tag team=growth --run 7f02ab")
    .option("--remove <name>", "a tag to remove; may be given again", gather, [])
    .action(action(tag));
  naming(experiments.command("note <text>"))
    .description("write the note of a run or an experiment, in Markdown")
    .action(action(note));
  naming(experiments.command("rename <name>"))
    .description("give a run or an experiment another name")
    .action(action(rename));
  naming(experiments.command("models"))
    .description("models that runs logged, newest first")
    .option("--limit <count>", "how many", "50")
    .action(action(models));
  experiments
    .command("clean-up")
    .description("tell what a removal of all that is deleted would take; with --yes, remove it for good")
    .option("--run <run>", "only this deleted run, by its whole id; may be given again", gather, [])
    .option("--older-than-days <days>", "only what was deleted at least this long ago", "0")
    .option("--dry-run", "only tell; this is what happens without --yes")
    .option("--yes", "remove it: nothing brings it back")
    .action(action(cleanUp));
}

async function remove({ client, out }: Session, _: [], named: Named): Promise<void> {
  const { runs, experiment } = await resolve(client, named);
  if (experiment !== undefined) {
    await client.experiments.deleteExperiment({ experiment });
    return out.answer({}, () => `deleted the experiment ${experiment} with its runs`);
  }
  out.answer(await client.experiments.deleteRuns({ runs }), (done) => `deleted ${counted(done.runs, "run")}`);
}

async function restore({ client, out }: Session, _: [], named: Named): Promise<void> {
  const { runs, experiment } = await resolve(client, named);
  if (experiment !== undefined) {
    const back = await client.experiments.restoreExperiment({ experiment });
    return out.answer(back, () => `${back.name} is back with ${counted(back.runs, "run")}`);
  }
  out.answer(
    await client.experiments.restoreRuns({ runs }),
    (done) => `restored ${counted(done.runs, "run")}`,
  );
}

async function tag(
  { client, out }: Session,
  [given]: [string[]],
  { remove, ...named }: Named & { remove: string[] },
): Promise<void> {
  const set = Object.fromEntries(given.map(pairOf));
  const { runs, experiment } = await resolve(client, named);
  if (experiment !== undefined) {
    const { name } = await client.experiments.updateExperiment({ experiment, set, remove });
    return out.answer({ name }, () => `tagged ${name}`);
  }
  const done = await client.experiments.tagRuns({ runs, set, remove });
  out.answer(done, () => `tagged ${counted(done.runs, "run")}`);
}

async function note({ client, out }: Session, [text]: [string], named: Named): Promise<void> {
  const { runs, experiment } = await resolve(client, named);
  if (experiment !== undefined) await client.experiments.updateExperiment({ experiment, note: text });
  for (const run of runs) await client.experiments.updateRun({ run, note: text });
  out.answer({ note: text }, () => "noted");
}

async function rename({ client, out }: Session, [name]: [string], named: Named): Promise<void> {
  const { runs, experiment } = await resolve(client, named);
  if (experiment !== undefined) await client.experiments.updateExperiment({ experiment, name });
  for (const run of runs) await client.experiments.updateRun({ run, name });
  out.answer({ name }, () => `it is ${name} now`);
}

async function models(
  { client, out }: Session,
  _: [],
  { limit, run, experiment }: Named & { limit: string },
): Promise<void> {
  const [ofRun] = run;
  const filter = {
    ...(ofRun === undefined ? {} : { run: ofRun }),
    ...(experiment === undefined ? {} : { experiment }),
  };
  const items = await all(
    (paging) => client.experiments.listLoggedModels({ ...filter, ...paging }),
    Number(limit),
  );
  out.answer({ items }, () =>
    table(
      ["model", "name", "experiment", "state", "run", "registered as", "made"],
      items.map((one) => [
        one.id,
        one.name,
        one.experiment.name,
        one.state,
        one.run?.slice(0, 8) ?? "",
        one.versions.map(({ model, version }) => `${model}@${version}`).join(", "),
        one.createdAt,
      ]),
    ),
  );
}

async function cleanUp(
  { client, out }: Session,
  _: [],
  options: { run: string[]; olderThanDays: string; yes?: true; dryRun?: true },
): Promise<void> {
  const { run, olderThanDays, yes, dryRun } = options;
  const done = await client.experiments.cleanUp({
    ...(run.length === 0 ? {} : { runs: run }),
    olderThanDays: Number(olderThanDays),
    dryRun: yes !== true || dryRun === true,
  });
  out.answer(done, cleanupText);
}

function cleanupText(done: Cleanup): string {
  const counts = table(
    [done.dryRun ? "would go" : "gone for good", "count"],
    [
      ["experiments", done.experiments],
      ["runs", done.runs],
      ["logged models", done.models],
      ["points", done.points],
      ["files", done.files],
      ["space", bytes(done.bytes)],
    ],
    ["count"],
  );
  const kept =
    done.kept.length === 0
      ? ""
      : `\n${table(
          ["stays", "because"],
          done.kept.map(({ run, reason }) => [run, reason]),
        )}`;
  const next = done.dryRun
    ? "\nNothing was removed. To remove it for good, add --yes."
    : "\nThe space is free after the next sweep of files, a day from now at the latest.";
  return `${counts}${kept}${next}`;
}

/** Whole ids of the named runs, or the named experiment: one of both. */
async function resolve(
  client: Session["client"],
  { run, experiment }: Named,
): Promise<{ runs: string[]; experiment: string | undefined }> {
  if (run.length > 0 === (experiment !== undefined)) {
    throw fail("BAD_REQUEST", {
      message: "name either runs or an experiment",
      field: "run",
      help: "Add --run <run> or --experiment <name>.",
    });
  }
  const found = await Promise.all(run.map((one) => client.experiments.getRun({ run: one })));
  return { runs: found.map(({ id }) => id), experiment };
}

function pairOf(text: string): [name: string, value: string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw fail("BAD_REQUEST", {
    message: `${text} is not name=value`,
    field: "tag",
    value: text,
    help: "Write it like team=growth; to remove a tag, --remove team.",
  });
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
