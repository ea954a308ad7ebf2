import { mkdir, open, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Environment, Name } from "@causeway/contract";
import { z } from "zod";
import { defineTask } from "../../../platform/processes/index.ts";
import { identifier, literal, openDuck } from "../../data/index.ts";
import { LOG_COLUMNS, spoolTable } from "./log-tables.ts";
import { closedSegmentPath } from "./spool.ts";

const Segment = z.object({ gateway: z.string(), segment: z.string() });

/** Closed segments to compact. */
export const CompactOrder = z.object({ segments: z.array(Segment) });
export type CompactOrder = z.infer<typeof CompactOrder>;

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
});

/** What became of the segments. */
export const Compacted = z.object({
  files: z.array(CompactedFile),
  segments: z.array(Segment.extend({ rows: z.int() })),
});
export type Compacted = z.infer<typeof Compacted>;

/** One deployment's share of the rows; its names become a path. */
const Group = z.tuple([Name, Environment, Name, z.int(), z.string(), z.string()]);

const MEMORY_BYTES = 256 * 2 ** 20;

/**
 * Turns closed spool segments into Parquet, one file per deployment, sorted by id so that a reader skips what it does not
 * ask for. Files are named for their first id and the order's first segment: the same order again writes the same files.
 */
export const compactTask = defineTask<CompactOrder>({
  name: "deployments.compact",
  async run({ segments }, { scratch, dataDir, progress }): Promise<Compacted> {
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
      const groups =
        await duck.rows(`select project, environment, deployment, count(*)::double, min(id), max(id)
        from log group by all order by all`);
      const files: Compacted["files"] = [];
      for (const [place, group] of groups.entries()) {
        const [project, environment, deployment, rows, firstId, lastId] = Group.parse(group);
        const made = join(scratch, `${place}.parquet`);
        const own = Object.entries({ project, environment, deployment })
          .map(([column, value]) => `${identifier(column)} = ${literal(value)}`)
          .join(" and ");
        await duck.run(`copy (select ${LOG_COLUMNS} from log where ${own} order by id) to ${literal(made)}
          (format parquet, compression zstd)`);
        const name = `${firstId}-${segments[0]?.gateway ?? ""}.parquet`;
        const path = join(project, environment, deployment, name);
        await settle(made, join(dataDir, "predictions", path));
        const { size } = await stat(join(dataDir, "predictions", path));
        files.push({
          path,
          project,
          environment,
          deployment,
          rows,
          bytes: size,
          firstId,
          lastId,
        });
      }
      return { files, segments: counted };
    } finally {
      duck.close();
    }
  },
});

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
