import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openDuck } from "./duck.ts";
import { digestPart } from "./part-digest.ts";

const folder = mkdtempSync(join(tmpdir(), "causeway-digest-"));
const duck = await openDuck({ threads: 2, memoryBytes: 512 * 1024 * 1024 });
afterAll(() => {
  duck.close();
  rmSync(folder, { recursive: true, force: true });
});

const sha256 = (...pieces: (Buffer | string)[]) => {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
};

const int64 = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
};

const text = (value: string) => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
};

const ROWS = 5_000;

it("D2/content-id digests values in row order as the definition says, byte for byte", async () => {
  const path = join(folder, "all.parquet");
  await duck.run(
    `copy (select case when i % 3 = 0 then null else i - 2500 end::bigint as n,
       case when i % 5 = 0 then 'nan'::double else i / 7.0 end as x,
       case when i % 4 = 0 then null when i % 4 = 1 then 'short' when i % 4 = 2 then 'one of a few longer texts' else repeat('é', 10 + i % 50) || i end as t,
       i % 2 = 0 as b, date '1969-12-30' + i::int as d, timestamp '1970-01-01' + to_microseconds(i) as at
     from range(${ROWS}) r(i)) to '${path}' (format parquet)`,
  );
  const schema = [
    { name: "n", type: "integer" as const },
    { name: "x", type: "double" as const },
    { name: "t", type: "string" as const },
    { name: "b", type: "boolean" as const },
    { name: "d", type: "date" as const },
    { name: "at", type: "timestamp" as const },
  ];
  const indexes = Array.from({ length: ROWS }, (_, index) => index);
  const column = (value: (i: number) => Buffer | null) => ({
    presence: sha256(Buffer.from(indexes.map((i) => (value(i) === null ? 0 : 1)))),
    values: sha256(...indexes.flatMap((i) => value(i) ?? [])),
  });
  const double = (value: number) => {
    const bytes = Buffer.from(Float64Array.of(value).buffer);
    return Number.isNaN(value) ? Buffer.from("000000000000f87f", "hex") : bytes;
  };
  const day = (value: number) => Buffer.from(Int32Array.of(value).buffer);
  const expected = [
    column((i) => (i % 3 === 0 ? null : int64(BigInt(i - 2500)))),
    column((i) => double(i % 5 === 0 ? Number.NaN : i / 7)),
    column((i) =>
      i % 4 === 0
        ? null
        : text(
            i % 4 === 1 ? "short" : i % 4 === 2 ? "one of a few longer texts" : "é".repeat(10 + (i % 50)) + i,
          ),
    ),
    column((i) => Buffer.from([i % 2 === 0 ? 1 : 0])),
    column((i) => day(i - 2)),
    column((i) => int64(BigInt(i))),
  ].map(({ presence, values }, index) => ({
    name: schema[index]!.name,
    presence,
    type: schema[index]!.type,
    values,
  }));
  const part = await digestPart(duck, path, schema);
  expect(part.digest).toBe(sha256(JSON.stringify({ columns: expected, rows: ROWS })));
  expect(part.rows).toBe(ROWS);
  expect(part.columns.find(({ name }) => name === "x")).toMatchObject({
    count: ROWS,
    missing: 0,
    finite: 4_000,
  });
});

it("D2/content-id does not depend on how Parquet was written", async () => {
  const select = "select i as n, 'row ' || (i % 10) as t from range(300000) r(i)";
  const schema = [
    { name: "n", type: "integer" as const },
    { name: "t", type: "string" as const },
  ];
  await duck.run(`copy (${select}) to '${folder}/a.parquet' (format parquet, compression zstd)`);
  await duck.run(
    `copy (${select}) to '${folder}/b.parquet' (format parquet, compression snappy, row_group_size 10000)`,
  );
  const a = await digestPart(duck, join(folder, "a.parquet"), schema);
  const b = await digestPart(duck, join(folder, "b.parquet"), schema);
  expect(b.digest).toBe(a.digest);
});
