import { printField, type Run, type SearchField } from "@causeway/contract";
import { type Command, InvalidArgumentError } from "commander";
import { metric } from "../formats.ts";
import { action, all, type Session } from "../session.ts";
import { table } from "../table.ts";
import { type RunColumn, readColumns } from "./run-columns.ts";

type Options = {
  experiment: string[];
  order: string[];
  columns?: RunColumn[];
  limit: string;
  deleted?: true;
};

/** `causeway experiments search`. */
export function addExperimentsSearch(experiments: Command): void {
  experiments
    .command("search [filter]")
    .description(
      "runs that match a filter, newest first: \"metrics.auc > 0.9 and (params.depth = '6' or tags.team = 'risk')\"",
    )
    .option("--experiment <name>", "of this experiment; may be given again", gather, [])
    .option("--order <field>", "such as 'metrics.auc DESC'; may be given again", gather, [])
    .option("--columns <fields>", "what to show, such as metrics.auc,params.depth,user_id", columnsOption)
    .option("--limit <count>", "how many", "50")
    .option("--deleted", "runs that are deleted")
    .action(action(search));
}

async function search(
  { client, out }: Session,
  [filter = ""]: [string | undefined],
  { experiment, order, columns, limit, deleted }: Options,
): Promise<void> {
  const asked = {
    filter,
    orderBy: order,
    experiments: experiment,
    life: deleted === true ? ("deleted" as const) : ("active" as const),
  };
  const items = await all((paging) => client.experiments.searchRuns({ ...asked, ...paging }), Number(limit));
  out.answer({ items }, () => {
    if (items.length === 0) return "no run matches";
    const shown = columns ?? usualColumns(items);
    return table(
      ["run", "name", "experiment", ...shown.map(({ field }) => printField(field, "runs"))],
      items.map((run) => [
        run.id.slice(0, 8),
        run.name,
        run.experiment.name,
        ...shown.map(({ read }) => cell(read(run))),
      ]),
      shown.filter(({ field }) => field.group === "metric").map(({ field }) => printField(field, "runs")),
    );
  });
}

/** State, start, and the first metrics of the newest run. */
function usualColumns(items: readonly Run[]): RunColumn[] {
  const metrics = (items[0]?.metrics ?? [])
    .slice(0, 3)
    .map(({ name }): SearchField => ({ group: "metric", key: name }));
  return readColumns(["status", ...metrics.map((field) => printField(field, "runs")), "start_time"]);
}

function cell(value: string | number | null): string {
  if (value === null) return "";
  return typeof value === "number" ? metric(value) : value;
}

function gather(value: string, before: string[]): string[] {
  return [...before, value];
}

function columnsOption(text: string): RunColumn[] {
  try {
    return readColumns(text.split(",").map((one) => one.trim()));
  } catch (cause) {
    throw new InvalidArgumentError(cause instanceof Error ? cause.message : String(cause));
  }
}
