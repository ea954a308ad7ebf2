import {
  COLUMN_TYPES,
  ColumnType,
  type DatasetVersion,
  type Finding,
  fail,
  type Import,
} from "@causeway/contract";
import { type Command, Option } from "commander";
import { bytes, count, duration, pace, short } from "../formats.ts";
import { action, all, reference, type Session } from "../session.ts";
import { table } from "../table.ts";

type ImportCommandOptions = {
  key?: string;
  format?: "csv" | "parquet" | "jsonl";
  delimiter?: string;
  column: string[];
  onBadRow: "refuse" | "quarantine";
  onBlank: "missing" | "refuse";
  append?: boolean;
};

/** `causeway data …`. */
export function addDataCommands(program: Command): void {
  const data = program.command("data").description("tables: import, versions, profiles, splits");
  data
    .command("import <dataset> <file>")
    .description("import a CSV, Parquet or JSON lines file as a new version")
    .option("--key <column>", "column that names a row")
    .addOption(
      new Option("--format <format>", "instead of by the file's ending").choices(["csv", "parquet", "jsonl"]),
    )
    .option("--delimiter <character>", "instead of the one found in the file")
    .option(
      "--column <name=type>",
      "type of a column, repeatable",
      (text, given: string[]) => [...given, text],
      [],
    )
    .addOption(new Option("--on-bad-row <what>").choices(["refuse", "quarantine"]).default("refuse"))
    .addOption(new Option("--on-blank <what>").choices(["missing", "refuse"]).default("missing"))
    .option("--append", "add the rows to the latest version")
    .action(action(importFile));
  data
    .command("list")
    .description("datasets with their newest version")
    .action(
      action(async ({ client, out }: Session) => {
        const items = await all((paging) => client.data.listDatasets(paging));
        out.answer({ items }, () =>
          table(
            ["dataset", "version", "rows", "columns", "versions", "updated"],
            items.map(({ name, latest, versions }) => [
              name,
              latest && short(latest.id),
              latest && count(latest.rows),
              latest?.schema.length,
              versions,
              latest?.createdAt,
            ]),
            ["rows", "columns", "versions"],
          ),
        );
      }),
    );
  data
    .command("versions <dataset>")
    .description("versions of a dataset, newest first")
    .action(
      action(async ({ client, out }: Session, [dataset]: [string]) => {
        const items = await all((paging) => client.data.listVersions({ dataset, ...paging }));
        out.answer({ items }, () =>
          table(
            ["version", "rows", "parts", "size", "from", "created"],
            items.map((one) => [
              short(one.id),
              count(one.rows),
              one.parts.length,
              bytes(one.bytes),
              `${one.source.kind} ${one.source.name}`,
              one.createdAt,
            ]),
            ["rows", "parts", "size"],
          ),
        );
      }),
    );
  data
    .command("show <dataset>")
    .description("a version (name or name@version) with its columns")
    .action(action(show));
  data
    .command("preview <dataset>")
    .description("the first rows of a version")
    .option("--limit <rows>", "how many", "10")
    .option("--offset <rows>", "from which", "0")
    .action(
      action(
        async ({ client, out }: Session, [given]: [string], options: { limit: string; offset: string }) => {
          const { name: dataset, version } = reference(given);
          const rows = { limit: Number(options.limit), offset: Number(options.offset) };
          const answer = await client.data.preview({ dataset, version, ...rows });
          out.answer(answer, () =>
            table(
              answer.columns.map((column) => column.name),
              answer.rows,
            ),
          );
        },
      ),
    );
  data
    .command("quarantine <dataset>")
    .description("rows that were set aside at import, with their reasons")
    .action(
      action(async ({ client, out }: Session, [given]: [string]) => {
        const { name: dataset, version } = reference(given);
        const answer = await client.data.listQuarantine({ dataset, version, limit: 1000 });
        out.answer(answer, () =>
          table(
            ["line", "column", "value", "reason"],
            answer.rows.map((row) => [row.line, row.column, row.value, row.reason]),
            ["line"],
          ),
        );
      }),
    );
  data
    .command("split <dataset>")
    .description(
      "split a version: --key customerID --share train=0.8 --share test=0.2, or --time column --at 2017-01-01",
    )
    .option("--key <column>", "split by the hash of this column")
    .option("--share <name=share>", "name and share of a part, repeatable", collect, [])
    .option("--seed <number>", "changes which rows fall where", "0")
    .option("--time <column>", "split by this column")
    .option("--at <time>", "boundary, repeatable", collect, [])
    .option("--name <name>", "name of a part in order of time, repeatable", collect, [])
    .action(action(split));
}

async function importFile(
  { client, out }: Session,
  [dataset, file]: [string, string],
  options: ImportCommandOptions,
): Promise<void> {
  const startedAt = performance.now();
  let phase = { name: "", startedAt };
  const done = await client.data.importFile(dataset, file, {
    ...(options.format === undefined ? {} : { format: options.format }),
    ...(options.delimiter === undefined ? {} : { delimiter: options.delimiter }),
    ...(options.key === undefined ? {} : { key: options.key }),
    ...(options.column.length === 0 ? {} : { columns: columnTypes(options.column) }),
    onBadRow: options.onBadRow,
    onBlank: options.onBlank,
    append: options.append ?? false,
    onProgress: (progress) => {
      if (progress.phase !== phase.name) phase = { name: progress.phase, startedAt: performance.now() };
      const label = progress.phase === "upload" ? "sending" : "reading";
      out.progress.update(pace(label, progress, { startedAt: phase.startedAt, now: performance.now() }));
    },
  });
  out.progress.done();
  out.answer(done, () => importSummary(done, performance.now() - startedAt));
}

function importSummary(done: Import, ms: number): string {
  const version = done.version;
  if (version === null) return `  ${done.state}`;
  const head = `  ${count(version.rows)} rows, ${version.schema.length} columns, ${duration(ms)}   version ${short(version.id)}`;
  const unchanged = done.unchanged ? ["  the same rows were there already: no new version"] : [];
  const aside =
    version.quarantine === null
      ? []
      : [
          `  ▲ ${count(version.quarantine.rows)} bad rows set aside   (causeway data quarantine ${version.dataset})`,
        ];
  return [head, ...unchanged, ...version.findings.map(findingLine), ...aside].join("\n");
}

function findingLine(finding: Finding): string {
  const mark = finding.severity === "warning" ? "▲" : "·";
  const column = finding.column === null ? "" : `${finding.column}: `;
  const way = finding.kind === "blank" ? "   read as missing   (--on-blank=refuse to stop here)" : "";
  return `  ${mark} ${column}${finding.message}${way}`;
}

function columnTypes(given: readonly string[]): Record<string, ColumnType> {
  return Object.fromEntries(
    given.map((text) => {
      const [name, type] = [text.slice(0, text.lastIndexOf("=")), text.slice(text.lastIndexOf("=") + 1)];
      const parsed = ColumnType.safeParse(type);
      if (name !== "" && parsed.success) return [name, parsed.data];
      throw fail("INVALID_FIELD", {
        message: `--column ${text} is not name=type`,
        field: "--column",
        value: text,
        help: `write for example --column TotalCharges=double; types are ${COLUMN_TYPES.join(", ")}`,
      });
    }),
  );
}

async function show({ client, out }: Session, [given]: [string]): Promise<void> {
  const { name: dataset, version: wanted } = reference(given);
  const version: DatasetVersion = await client.data.getVersion({ dataset, version: wanted });
  const profile = await client.data.getProfile({ dataset, version: version.id });
  const columns = table(
    ["column", "type", "missing", "distinct", "min", "mean", "max"],
    profile.columns.map((column) => [
      column.name,
      column.type,
      count(column.missing),
      count(column.distinct),
      column.min,
      column.mean?.toPrecision(6),
      column.max,
    ]),
    ["missing", "distinct", "min", "mean", "max"],
  );
  out.answer({ version, profile }, () =>
    [
      `${dataset}@${short(version.id)}  ${count(version.rows)} rows, ${bytes(version.bytes)}, ${version.createdAt}`,
      ...version.findings.map(findingLine),
      "",
      columns,
    ].join("\n"),
  );
}

async function split(
  { client, out }: Session,
  [given]: [string],
  options: { key?: string; share: string[]; seed: string; time?: string; at: string[]; name: string[] },
): Promise<void> {
  const { name: dataset, version } = reference(given);
  const byTime = options.time !== undefined;
  const started = await client.data.startSplit({
    dataset,
    version,
    split: byTime
      ? { by: "time", column: options.time ?? "", names: options.name, boundaries: options.at }
      : { by: "hash", key: options.key ?? "", shares: shares(options.share), seed: Number(options.seed) },
  });
  let current = started;
  while (current.state === "queued" || current.state === "running") {
    await new Promise((resolve) => setTimeout(resolve, 100));
    current = await client.data.getSplit({ split: started.id });
    out.progress.update("splitting");
  }
  out.progress.done();
  if (current.state !== "succeeded") {
    throw fail("BAD_DATA", {
      message: current.problem?.message ?? `the split was ${current.state}`,
      ...(current.problem?.help ? { help: current.problem.help } : {}),
    });
  }
  out.answer(current, () =>
    table(
      ["part", "dataset", "version", "rows"],
      current.parts.map((part) => [
        part.name,
        part.version.dataset,
        short(part.version.id),
        count(part.version.rows),
      ]),
      ["rows"],
    ),
  );
}

function shares(given: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    given.map((text) => {
      const [name = "", share = ""] = text.split("=");
      const value = Number(share);
      if (name !== "" && share !== "" && Number.isFinite(value)) return [name, value];
      throw fail("INVALID_FIELD", {
        message: `--share ${text} is not name=share`,
        field: "--share",
        value: text,
        help: "write for example --share train=0.8 --share test=0.2",
      });
    }),
  );
}

function collect(text: string, given: string[]): string[] {
  return [...given, text];
}
