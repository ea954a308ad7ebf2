import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { type Column, type ColumnType, fail, type Progress } from "@causeway/contract";
import { joinSchemas, refuseOtherColumns } from "../append-plan.ts";
import { badRowFinding } from "../findings.ts";
import { profileVersion } from "../profile/profile-version.ts";
import { type BadRowLog, openBadRowLog } from "../reading/bad-row-log.ts";
import { listed } from "../reading/header.ts";
import { type Duck, openDuck } from "../tables/duck.ts";
import { findBlanks, findConstants, findKeyFaults } from "../tables/find-findings.ts";
import type { TableSource } from "../tables/table-source.ts";
import { versionId } from "../tables/version-id.ts";
import { writeParts } from "../tables/write-parts.ts";
import type { Base, PreparedVersion } from "./prepared-version.ts";

const MEMORY_BYTES = 1024 ** 3;

/** What every way to a version shares. */
export interface PrepareOptions {
  /** The version that rows are added to. */
  base: Base | undefined;
  key: string | undefined;
  onBadRow: "refuse" | "quarantine";
  onBlank: "missing" | "refuse";
  /** As the user knows what the rows come from. */
  file: string;
  /** Removed with the task. */
  scratch: string;
  /** Where new parts and bad rows are left for the worker. */
  out: string;
  progress: (progress: Progress) => void;
}

/** Raised where rows are bad and are not to be set aside; carries them. */
export class BadRowsError extends Error {
  override readonly name = "BadRowsError";
  readonly badRows: BadRowLog;
  constructor(badRows: BadRowLog) {
    super("rows cannot be read");
    this.badRows = badRows;
  }
}

/** Opens the DuckDB of a task: all cores, at most a gigabyte or half of the machine's memory. */
export function openTaskDuck(scratch: string): Promise<Duck> {
  return openDuck({
    threads: availableParallelism(),
    memoryBytes: Math.min(MEMORY_BYTES, totalmem() / 2),
    temporary: join(scratch, "duckdb"),
  });
}

/** Turns a source of rows into all that a version is: parts, id, profile, findings. */
export async function prepareVersion(
  duck: Duck,
  options: PrepareOptions & { read: (badRows: BadRowLog) => Promise<TableSource> },
): Promise<PreparedVersion> {
  const { base, key, file, out, progress } = options;
  const badRows = openBadRowLog(options.onBadRow === "quarantine" ? join(out, "bad-rows.jsonl") : undefined);
  const source = await options.read(badRows);
  const quarantine = badRows.close();
  if (badRows.total() > 0 && options.onBadRow === "refuse") throw new BadRowsError(badRows);
  const total = source.parts.reduce((sum, { rows }) => sum + rows, 0);
  if (total === 0) throw badRows.total() > 0 ? new BadRowsError(badRows) : noRows(file);
  if (options.onBlank === "refuse") refuseBlanks(source, file);
  const names = source.columns.map(({ name }) => name);
  if (base !== undefined) refuseOtherColumns(base.schema, names, file);
  if (key !== undefined && !names.includes(key)) throw noKey(key, { file, names });

  let written = 0;
  const added = await writeParts(duck, source, {
    folder: out,
    order: base?.schema.map(({ name }) => name) ?? names,
    onRows: (rows) => {
      written += rows;
      progress({ done: written, total, unit: "rows" });
    },
  });
  const types = new Map<string, ColumnType>(source.columns.map(({ name, type }) => [name, type]));
  const columns = (added[0]?.columns ?? []).map(
    ({ name }, index): Column => ({
      name,
      type: types.get(name) ?? "string",
      nullable: added.some((part) => (part.columns[index]?.missing ?? 0) > 0),
    }),
  );
  const schema = joinSchemas(base?.schema, columns);
  const kept = (base?.parts ?? []).map(({ digest, artifact, rows, bytes }) => ({
    digest,
    artifact,
    rows,
    bytes,
  }));
  const all = [...(base?.parts ?? []), ...added];
  const profile = await profileVersion(duck, all, schema);
  const paths = all.map(({ path }) => path);
  return {
    id: versionId(
      schema,
      all.map(({ digest }) => digest),
    ),
    schema,
    kept,
    added,
    profile,
    findings: [
      ...(await findBlanks(
        duck,
        added.map(({ path }) => path),
        source.columns,
      )),
      ...(quarantine === undefined ? [] : [badRowFinding(badRows.total(), badRows.first()[0])]),
      ...(key === undefined ? [] : await findKeyFaults(duck, paths, key)),
      ...findConstants(profile),
    ],
    quarantine: quarantine === undefined ? null : { rows: badRows.total(), path: quarantine },
    key: key ?? null,
  };
}

function noRows(file: string) {
  return fail("BAD_DATA", {
    message: `${file} has columns and no rows`,
    field: "file",
    value: file,
    help: "Check that what wrote it has finished.",
  });
}

function noKey(key: string, { file, names }: { file: string; names: string[] }) {
  return fail("BAD_DATA", {
    message: `${file} has no column ${key} to name its rows by; its columns are ${listed(names)}`,
    field: "key",
    value: key,
    help: "Names are compared exactly, case included.",
  });
}

function refuseBlanks({ columns }: TableSource, file: string): void {
  const blank = columns.find(({ blanks }) => blanks > 0);
  if (blank === undefined) return;
  const where = blank.firstBlank === undefined ? "" : `, the first at line ${blank.firstBlank}`;
  throw fail("BAD_DATA", {
    message: `${file}: ${blank.name} is ${blank.type} and has ${blank.blanks.toLocaleString("en")} blank${blank.blanks === 1 ? "" : "s"}${where}`,
    field: blank.name,
    value: blank.markers[0] ?? "",
    help: "Fill them in, or read them as missing values with --on-blank=missing",
  });
}
