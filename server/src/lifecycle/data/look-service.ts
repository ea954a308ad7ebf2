import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { BadRow, type Column, fail, type Json, type Profile } from "@causeway/contract";
import { z } from "zod";
import type { Call } from "../../platform/access/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Db } from "../../platform/database/index.ts";
import { type Duck, identifier, openDuck, parquet } from "./tables/duck.ts";
import type { Versions } from "./version-service.ts";
import { versionsStore } from "./versions-store.ts";

/** A look at a few rows takes little; a bigger question is a worker's job. */
const MEMORY_BYTES = 256 * 1024 * 1024;

const KeptBadRow = BadRow.extend({ text: z.string() });

/** What looking into versions needs. */
export interface LooksParts {
  db: Db;
  artifacts: Artifacts;
  versions: Versions;
}

/** Profile, rows, bad rows and files of a version, read-only. */
export function createLooks({ db, artifacts, versions }: LooksParts) {
  let duck: Promise<Duck> | undefined;

  async function getProfile(input: { dataset: string; version: string }, call: Call): Promise<Profile> {
    const id = await versions.findId(input, call);
    const profile = await versionsStore(db).findProfile(call.scope.project, input.dataset, id);
    if (profile === undefined) throw new Error(`version ${id} of ${input.dataset} has no profile`);
    return profile;
  }

  async function preview(
    input: { dataset: string; version: string; offset: number; limit: number },
    call: Call,
  ): Promise<{ columns: Column[]; rows: Json[][]; total: number }> {
    const { schema, parts, rows: total } = await versions.getVersion(input, call);
    const columns = schema.map(shown).join(", ");
    const rows: Json[][] = [];
    let before = 0;
    for (const part of parts) {
      const from = Math.max(0, input.offset - before);
      const to = Math.min(part.rows, input.offset + input.limit - before);
      before += part.rows;
      if (from >= to) continue;
      const source = parquet([artifacts.path(part.artifact)], ", file_row_number = true");
      duck ??= openDuck({ threads: 1, memoryBytes: MEMORY_BYTES });
      const read = await (await duck).rows(
        `select ${columns} from ${source} where file_row_number >= ${from} and file_row_number < ${to} order by file_row_number`,
      );
      for (const row of read) rows.push(row.map((value, index) => exact(value, schema[index])));
    }
    return { columns: schema, rows, total };
  }

  async function listQuarantine(
    input: { dataset: string; version: string; offset: number; limit: number },
    call: Call,
  ): Promise<{ rows: z.infer<typeof KeptBadRow>[]; total: number }> {
    const { quarantine } = await versions.getVersion(input, call);
    if (quarantine === null) return { rows: [], total: 0 };
    const stream = artifacts.read(quarantine.artifact);
    const rows: z.infer<typeof KeptBadRow>[] = [];
    let index = 0;
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (index++ < input.offset) continue;
      if (rows.length === input.limit) break;
      rows.push(KeptBadRow.parse(JSON.parse(line)));
    }
    stream.destroy();
    return { rows, total: quarantine.rows };
  }

  async function downloadPart(
    input: { dataset: string; version: string; part: number },
    call: Call,
  ): Promise<{ stream: Readable; bytes: number; mediaType: string; name: string }> {
    const version = await versions.getVersion(input, call);
    const part = version.parts[input.part];
    if (part === undefined) {
      throw fail("NOT_FOUND", {
        message: `Version ${version.id.slice(0, 12)} of ${input.dataset} has ${version.parts.length} parts, numbered from 0`,
        field: "part",
        value: input.part,
        help: "Read the version for the list of its parts.",
      });
    }
    return {
      stream: artifacts.read(part.artifact),
      bytes: part.bytes,
      mediaType: "application/vnd.apache.parquet",
      name: `${input.dataset}-${version.id.slice(0, 12)}-${input.part}.parquet`,
    };
  }

  async function close(): Promise<void> {
    (await duck)?.close();
    duck = undefined;
  }

  return { getProfile, preview, listQuarantine, downloadPart, close };
}

function shown({ name, type }: Column): string {
  const column = identifier(name);
  return type === "timestamp" ? `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%gZ')` : column;
}

/** Whole numbers that a JavaScript number holds exactly travel as numbers, larger ones as text. */
function exact(value: Json, column: Column | undefined): Json {
  if (column?.type !== "integer" || typeof value !== "string") return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
