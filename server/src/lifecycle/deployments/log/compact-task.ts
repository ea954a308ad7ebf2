import { mkdir, open, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Environment, Name } from "@causeway/contract";
import { z } from "zod";
import { defineTask } from "../../../platform/processes/index.ts";
import { identifier, literal, openDuck } from "../../data/index.ts";
import {
  ANSWER,
  type InputColumn,
  LOG_COLUMNS,
  recordStruct,
  spoolTable,
  typedFields,
} from "./log-tables.ts";
import { closedSegmentPath } from "./spool.ts";

const Segment = z.object({ gateway: z.string(), segment: z.string() });

/** Closed segments to compact, and the inputs of the revisions whose rows may be in them. */
export type CompactOrder = {
  readonly segments: readonly { readonly gateway: string; readonly segment: string }[];
  readonly revisions: readonly {
    readonly project: string;
    readonly environment: string;
    readonly deployment: string;
    readonly revision: number;
    readonly inputs: readonly InputColumn[];
  }[];
};

/** A Parquet file that was made; `path` is relative to the data folder's `predictions/`. */
const CompactedFile = z.object({
  path: z.string(),
  project: z.string(),
  environment: Environment,
  deployment: z.string(),
  rows: z.int(),
  bytes: z.int(),
  firstId: z.string(),
  lastId: z.string(),
  firstOccurredAt: z.iso.datetime(),
  lastOccurredAt: z.iso.datetime(),
  lastReceivedAt: z.iso.datetime(),
  columns: z.array(z.string()),
});

/** What became of the segments. */
export const Compacted = z.object({
  files: z.array(CompactedFile),
  segments: z.array(Segment.extend({ rows: z.int() })),
});
export type Compacted = z.infer<typeof Compacted>;

/** One revision's share of the rows; its names become a path. */
const Group = z.object({
  project: Name,
  environment: Environment,
  deployment: Name,
  revision: z.int(),
  rows: z.int(),
  firstId: z.string(),
  lastId: z.string(),
  firstOccurredAt: z.iso.datetime(),
  lastOccurredAt: z.iso.datetime(),
  lastReceivedAt: z.iso.datetime(),
});

/** Typed columns of wide rows are sorted beside the JSON that they came from. */
const MEMORY_BYTES = 512 * 2 ** 20;

/**
 * Turns closed spool segments into Parquet, one file per revision of a deployment, sorted by id so that a reader skips what
 * it does not ask for. The model's inputs stand in typed columns beside the JSON, which stays as it was written. Files are
 * named for their first id and the order's first segment: the same order again writes the same files.
 */
export const compactTask = defineTask<CompactOrder>({
  name: "deployments.compact",
  async run({ segments, revisions }, { scratch, dataDir, progress }): Promise<Compacted> {
    const duck = await openDuck({ threads: 1, memoryBytes: MEMORY_BYTES, temporary: scratch });
    try {
      const counted: Compacted["segments"] = [];
      for (const [index, segment] of segments.entries()) {
        const source = spoolTable([closedSegmentPath(dataDir, segment)]);
        await duck.run(index === 0 ? `create table log as from ${source}` : `insert into log from ${source}`);
        const [count] = await duck.rows("select count(*)::double from log");
        const before = counted.reduce((sum, { rows }) => sum + rows, 0);
        counted.push({ ...segment, rows: Number(count?.[0]) - before });
        progress({ done: index + 1, total: segments.length, unit: "segments" });
      }
      const groups = await duck.rows(`select to_json({project: project, environment: environment,
          deployment: deployment, revision: revision, rows: count(*), firstId: min(id), lastId: max(id),
          firstOccurredAt: ${iso('min("occurredAt")')}, lastOccurredAt: ${iso('max("occurredAt")')},
          lastReceivedAt: ${iso('max("receivedAt")')}})::varchar
        from log group by project, environment, deployment, revision order by project, environment, deployment, revision`);
      const files: Compacted["files"] = [];
      for (const [place, [text]] of groups.entries()) {
        const group = Group.parse(JSON.parse(String(text)));
        const { project, environment, deployment, revision, ...facts } = group;
        const inputs = distinctInputs(
          revisions.find(
            (one) =>
              one.project === project &&
              one.environment === environment &&
              one.deployment === deployment &&
              one.revision === revision,
          )?.inputs ?? [],
        );
        const made = join(scratch, `${place}.parquet`);
        const own = Object.entries({ project, environment, deployment })
          .map(([column, value]) => `${identifier(column)} = ${literal(value)}`)
          .concat(`revision = ${revision}`)
          .join(" and ");
        const typed = [LOG_COLUMNS, ANSWER, ...typedFields(inputs)].join(", ");
        await duck.run(`copy (select ${typed} from (select *${recordStruct(inputs)} from log where ${own}) order by id)
          to ${literal(made)} (format parquet, compression zstd)`);
        const name = `${facts.firstId}-${segments[0]?.gateway ?? ""}.parquet`;
        const path = join(project, environment, deployment, name);
        await settle(made, join(dataDir, "predictions", path));
        const { size } = await stat(join(dataDir, "predictions", path));
        const columns = inputs.map((input) => input.name);
        files.push({ path, project, environment, deployment, bytes: size, columns, ...facts });
      }
      return { files, segments: counted };
    } finally {
      duck.close();
    }
  },
});

/** DuckDB does not tell names apart by case: inputs that differ by it alone stay in the JSON. */
function distinctInputs(inputs: readonly InputColumn[]): readonly InputColumn[] {
  const names = new Set(inputs.map(({ name }) => name.toLowerCase()));
  return names.size === inputs.length ? inputs : [];
}

function iso(expression: string): string {
  return `strftime(${expression}, '%Y-%m-%dT%H:%M:%S.%gZ')`;
}

/** Puts a finished file under its name, whole and on the disk. */
async function settle(made: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await sync(made);
  await rename(made, target);
  await sync(dirname(target));
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
