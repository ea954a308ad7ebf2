import type { FieldType, SignatureInput } from "@causeway/contract";
import { identifier, literal } from "../data/index.ts";
import { inputColumn, type LogSources, logColumns } from "../deployments/index.ts";
import type { ServedVersion } from "./measure-order.ts";
import type { WindowSpan } from "./window-plan.ts";

/** Names of the answer's columns in `groupedRows`; inputs are named by `inputColumn` and never alike. */
export const ANSWERED_NUMBER = "answered.number";
export const ANSWERED_TEXT = "answered.text";

/** How a group of rows reads its answers. */
export type AnswerReading = { readonly version: number; readonly score: string | null };

/** Where the rows of the spool are kept while a task runs: their JSON is read once, typed files as often as is asked. */
const SPOOLED = "spooled";

/** The statement that reads the spool, and the relation of the log with every input that one of the versions has. */
export function logRelation(
  sources: LogSources,
  versions: readonly ServedVersion[],
): { prepare: string; relation: string } {
  const inputs = inputsOf(versions);
  const spool = logColumns({ ...sources, files: [] }, inputs);
  const files = logColumns({ ...sources, spool: [] }, inputs);
  return {
    prepare: `create table ${SPOOLED} as from ${spool}`,
    relation: `(from ${SPOOLED}${sources.files.length === 0 ? "" : ` union all by name from ${files}`})`,
  };
}

/** The inputs of all versions; of two types of one name, the one of the newest version. */
function inputsOf(versions: readonly ServedVersion[]): Pick<SignatureInput, "name" | "type">[] {
  const types = new Map<string, FieldType>();
  for (const { signature } of versions.toSorted((a, b) => a.version - b.version))
    for (const { name, type } of signature.inputs) types.set(name, type);
  return [...types].map(([name, type]) => ({ name, type }));
}

/** Quarters of an hour, or minutes for windows that are shorter, in which there are rows. */
export function momentsQuery(
  relation: string,
  { after, until, seconds }: { after: number | null; until: number; seconds: number },
) {
  const bucket = `time_bucket(interval '${seconds} seconds', "occurredAt")`;
  return `select distinct epoch_ms(${bucket})::double from ${relation}
    where ${afterCondition(after)} and "occurredAt" < ${moment(until)} order by 1`;
}

/** Event times with how many rows they have. */
export function countsQuery(relation: string, after: number | null): string {
  return `select epoch_ms("occurredAt")::double, count(*)::double from ${relation}
    where ${afterCondition(after)} group by 1 order by 1`;
}

function afterCondition(after: number | null): string {
  return after === null ? "true" : `"occurredAt" >= ${moment(after)}`;
}

/** Rows by window and version, with the server times between which they were received. */
export function versionsQuery(relation: string, windows: readonly WindowSpan[]): string {
  return `select "group"::double, "version"::double, count(*)::double, epoch_ms(min("receivedAt"))::double,
      epoch_ms(max("receivedAt"))::double
    from (select ${placeOf(windows)} as "group", * from ${relation}) where "group" is not null
    group by all order by all`;
}

/** The rows of each window that its version answered, with the columns of that version; `"group"` is the window's place. */
export function groupedRows(
  relation: string,
  windows: readonly WindowSpan[],
  { columns, answers }: { columns: readonly string[]; answers: readonly (AnswerReading | null)[] },
): string {
  const chosen = `[${answers.map((answer) => answer?.version ?? -1).join(", ")}]`;
  const inputs = columns.map((name) => `, ${identifier(inputColumn(name))}`).join("");
  return `(select case when "version" = ${chosen}[place + 1] then place end as "group", "id", "occurredAt",
      "predicted", "scores", ${numberOf(answers)} as ${identifier(ANSWERED_NUMBER)},
      "predicted" as ${identifier(ANSWERED_TEXT)}${inputs}
    from (select ${placeOf(windows)} as place, * from ${relation}) where place is not null)`;
}

/** Rows that have truth, by window: how many of all versions, and how long truth took. */
export function coverageQuery(relation: string, truth: string, windows: readonly WindowSpan[]): string {
  const lag = `epoch_ms(t."occurredAt") - epoch_ms(r."occurredAt")`;
  return `select "group"::double, count(*)::double, quantile_cont((${lag}) / 1000.0, 0.5)::double,
      quantile_cont((${lag}) / 1000.0, 0.95)::double
    from (select ${placeOf(windows)} as "group", "id", "occurredAt" from ${relation}) r
    join ${truth} t on t."id" = r."id" where "group" is not null group by 1 order by 1`;
}

/** The table of all answers that have their truth, with scores of `classes` in their order. */
export function labelledTable(rows: string, truth: string, classes: readonly string[]): string {
  const scores = classes.map((label, place) => `, r."scores"[${literal(label)}]::double as score${place}`);
  return `create table labelled as select r."group" as place, r."id", r."predicted", t."value"${scores.join("")}
    from ${rows} r join ${truth} t on t."id" = r."id" where r."group" is not null and t."value" is not null`;
}

/** The answers of one window with their truth, from that table; `scores` are places among its classes. */
export function labelledQuery(place: number, scores: readonly number[]): string {
  const columns = scores.map((score) => `, score${score}`).join("");
  return `select "predicted", "value"${columns} from labelled where place = ${place} order by "id"`;
}

/** The score of the judged class, or the answer as a number, as each version gives it. */
function numberOf(answers: readonly (AnswerReading | null)[]): string {
  const byVersion = new Map(
    answers.flatMap((answer) => (answer === null ? [] : [[answer.version, answer.score]])),
  );
  if (byVersion.size === 0) return "null::double";
  const cases = [...byVersion].map(
    ([version, score]) =>
      `when ${version} then ${score === null ? `try_cast("predicted" as double)` : `"scores"[${literal(score)}]::double`}`,
  );
  return `case "version" ${cases.join(" ")} end`;
}

/** The place of the window that holds a row, by halves: as many comparisons as the number of windows has bits. */
function placeOf(windows: readonly WindowSpan[]): string {
  const search = (from: number, until: number): string => {
    const window = windows[from];
    if (window === undefined) return "null";
    if (until - from === 1)
      return `case when "occurredAt" >= ${moment(window.start)} and "occurredAt" < ${moment(window.end)} then ${from} end`;
    const middle = Math.floor((from + until) / 2);
    const pivot = windows[middle]?.start ?? window.end;
    return `case when "occurredAt" < ${moment(pivot)} then ${search(from, middle)} else ${search(middle, until)} end`;
  };
  return search(0, windows.length);
}

function moment(time: number): string {
  return `make_timestamp_ms(${time})`;
}
