import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ImportOptions, type Json } from "@causeway/contract";
import { afterAll, describe, expect, it } from "vitest";
import { type Duck, openDuck, parquet } from "../tables/duck.ts";
import { importFile } from "./import-file.ts";
import type { Base, PreparedVersion, Refusal } from "./prepared-version.ts";

const folder = mkdtempSync(join(tmpdir(), "causeway-import-"));
let imports = 0;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(
  content: string | Buffer,
  { file = "rows.csv", base, ...options }: { file?: string; base?: Base } & Record<string, unknown> = {},
) {
  const home = join(folder, String(imports++));
  const scratch = join(home, "scratch");
  const out = join(home, "out");
  mkdirSync(scratch, { recursive: true });
  const path = join(home, "upload");
  writeFileSync(path, content);
  const outcome = await importFile(
    { path, file, options: ImportOptions.parse(options), base: base ?? null, out },
    { scratch, progress: () => {} },
  );
  if (outcome.kind === "refused") expect(existsSync(out)).toBe(false);
  return outcome;
}

async function prepared(...args: Parameters<typeof run>): Promise<PreparedVersion> {
  const outcome = await run(...args);
  if (outcome.kind === "refused") throw new Error(outcome.refusal.problem.message);
  return outcome.version;
}

async function refused(...args: Parameters<typeof run>): Promise<Refusal> {
  const outcome = await run(...args);
  if (outcome.kind === "prepared") throw new Error("the import was expected to be refused");
  return outcome.refusal;
}

async function rowsOf(version: PreparedVersion): Promise<Json[][]> {
  const duck: Duck = await openDuck({ threads: 1, memoryBytes: 256 * 1024 * 1024 });
  try {
    return await duck.rows(`select * from ${parquet(version.added.map(({ path }) => path))}`);
  } finally {
    duck.close();
  }
}

const typesOf = ({ schema }: PreparedVersion) =>
  Object.fromEntries(schema.map(({ name, type, nullable }) => [name, nullable ? `${type}?` : type]));

function baseOf({ id, schema, added, kept }: PreparedVersion): Base {
  expect(kept).toEqual([]);
  return { id, schema, parts: added.map((part) => ({ ...part, artifact: part.digest })) };
}

describe("import of CSV", () => {
  it("D1/csv reads types, values and missing values of every row", async () => {
    const version = await prepared(
      "n,x,ok,day,at,code,name\n1,1.5,true,2024-02-29,2024-02-29T10:11+02:00,007,Zoë\n-2,.5,FALSE,,2024-03-01 00:00,010,\n",
    );
    expect(typesOf(version)).toEqual({
      n: "integer",
      x: "double",
      ok: "boolean",
      day: "date?",
      at: "timestamp",
      code: "string",
      name: "string?",
    });
    expect(await rowsOf(version)).toEqual([
      ["1", 1.5, true, "2024-02-29", "2024-02-29 08:11:00", "007", "Zoë"],
      ["-2", 0.5, false, null, "2024-03-01 00:00:00", "010", null],
    ]);
  });

  it("D1/inferred-types infers a type over the whole file, not its beginning", async () => {
    const version = await prepared(`n\n${"1\n".repeat(50_000)}1.5\n`);
    expect(typesOf(version)).toEqual({ n: "double" });
  });

  it("gives the same id for the same rows, however they are written", async () => {
    const plain = await prepared("a,b\n1,x\n2,y z\n");
    const windows = await prepared('\ufeffa;b\r\n"1";x\r\n\r\n 2;"y z"\r\n');
    const packed = await prepared(gzipSync("a\tb\n1\tx\n2\ty z"), { file: "rows.tsv.gz" });
    const lines = await prepared('{"a":1,"b":"x"}\n{"a":2,"b":"y z"}\n', { file: "rows.jsonl" });
    const other = await prepared("a,b\n2,y z\n1,x\n");
    expect(windows.id).toBe(plain.id);
    expect(packed.id).toBe(plain.id);
    expect(lines.id).toBe(plain.id);
    expect(other.id).not.toBe(plain.id);
    expect(plain.id).toBe("2eaa4af6a9ea69e14318ed79f6f0c0b50b57cfa7c113396f4c68aaf065fbde92");
  });

  it("reads quotes inside fields, doubled quotes, line ends and delimiters inside quotes", async () => {
    const version = await prepared('size,text,n\n5" disk,"a ""b"", c\nd",1\nx,"",2\n');
    expect(await rowsOf(version)).toEqual([
      ['5" disk', 'a "b", c\nd', "1"],
      ["x", null, "2"],
    ]);
  });

  it("keeps identifiers beyond 64 bits as text and 64-bit ones exact", async () => {
    const version = await prepared("wide,long\n12345678901234567890,9007199254740993\n1,2\n");
    expect(typesOf(version)).toEqual({ wide: "string", long: "integer" });
    expect((await rowsOf(version))[0]).toEqual(["12345678901234567890", "9007199254740993"]);
  });

  it("explains blanks by the one value that they share", async () => {
    const rows = Array.from(
      { length: 60 },
      (_, index) => `${index % 20},${index % 20 === 0 ? " " : index},c`,
    );
    const version = await prepared(`tenure,total,kind\n${rows.join("\n")}\n`);
    expect(version.findings.find(({ kind }) => kind === "blank")).toEqual({
      kind: "blank",
      severity: "warning",
      column: "total",
      rows: 3,
      message: "3 blanks, all where tenure = 0",
      fact: { says: "blanks", markers: [""], where: { column: "tenure", value: "0" } },
    });
    expect(version.schema[1]).toEqual({ name: "total", type: "integer", nullable: true });
  });

  it("reads NA as missing among numbers and as text among texts", async () => {
    const version = await prepared("n,t\n1,NA\nNA,x\nNaN,y\n2.5,z\n");
    expect(typesOf(version)).toEqual({ n: "double?", t: "string" });
    expect(version.findings.map(({ message }) => message)).toEqual(["2 blanks (NA, NaN)"]);
    expect((await rowsOf(version)).map(([n]) => n)).toEqual([1, null, null, 2.5]);
  });

  it("refuses blanks when asked to, naming the first", async () => {
    const { problem } = await refused("n\n1\n \n2\n", { onBlank: "refuse" });
    expect(problem.message).toBe("rows.csv: n is integer and has 1 blank, the first at line 3");
    expect(problem.help).toContain("--on-blank=missing");
  });

  it("says which rows repeat a key and which columns never change", async () => {
    const version = await prepared("id,c\na,1\nb,1\na,1\n,1\n", { key: "id" });
    expect(version.findings.map(({ message }) => message)).toEqual([
      "1 row repeats a id, for example a",
      "1 row has no id",
      "every row has c = 1",
    ]);
  });
});

describe("bad rows", () => {
  const content = [
    "id,text,amount",
    '1,"one\nline more",10',
    "2,two,abc",
    "3,three",
    "4,four,40,4",
    "",
    '5,"five"x,50',
    "6,six,60",
    "",
  ].join("\n");

  it("D1/bad-row is named by file, line, column, value and reason", async () => {
    const { problem, badRows } = await refused(content, { columns: { amount: "integer" } });
    expect(problem).toEqual({
      code: "BAD_DATA",
      message: "rows.csv has 4 bad rows: line 4, column amount ('abc'): not a whole number of 64 bits",
      help: "Mend the rows, or keep them beside the version with --on-bad-row=quarantine",
    });
    expect(badRows).toEqual({
      total: 4,
      first: [
        {
          file: "rows.csv",
          line: 4,
          column: "amount",
          value: "abc",
          reason: "not a whole number of 64 bits",
        },
        {
          file: "rows.csv",
          line: 5,
          column: null,
          value: null,
          reason: "2 fields, where the header names 3 columns",
        },
        {
          file: "rows.csv",
          line: 6,
          column: null,
          value: null,
          reason: "4 fields, where the header names 3 columns",
        },
        { file: "rows.csv", line: 8, column: null, value: null, reason: "text after a closing quote" },
      ],
    });
  });

  it("D1/never-dropped are kept beside the version with their text when set aside", async () => {
    const version = await prepared(content, { columns: { amount: "integer" }, onBadRow: "quarantine" });
    expect(version.profile.rows).toBe(2);
    expect(version.quarantine?.rows).toBe(4);
    const kept = readFileSync(version.quarantine?.path ?? "", "utf8")
      .trim()
      .split("\n");
    expect(kept.map((line) => JSON.parse(line)).map(({ line, text }) => [line, text])).toEqual([
      [4, "2,two,abc"],
      [5, "3,three"],
      [6, "4,four,40,4"],
      [8, '5,"five"x,50'],
    ]);
    expect(version.findings.map(({ message }) => message)).toEqual([
      "4 rows set aside, the first at line 4 of rows.csv: not a whole number of 64 bits",
    ]);
  });

  it("show 20 of many, and count all", async () => {
    const { badRows } = await refused(`a,b\n1,2\n${"x\n".repeat(500)}`);
    expect(badRows?.total).toBe(500);
    expect(badRows?.first).toHaveLength(20);
  });

  it("refuse the import where no row is good", async () => {
    const { badRows } = await refused("a,b\nx\ny\n", { onBadRow: "quarantine" });
    expect(badRows?.total).toBe(2);
  });

  it("of JSON lines are named by line and member", async () => {
    const { badRows } = await refused('{"a":1}\n\n[1]\n{"a":\n{"a":"x"}\n', {
      file: "rows.jsonl",
      columns: { a: "integer" },
    });
    expect(badRows?.first.map(({ line, column }) => [line, column])).toEqual([
      [3, null],
      [4, null],
      [5, "a"],
    ]);
  });
});

describe("bad files", () => {
  it.each([
    ["an empty file", "", {}, "rows.csv is empty"],
    ["a file of line ends alone", "\n\n", {}, "rows.csv is empty"],
    ["a header without rows", "a,b\n", {}, "rows.csv has a header of 2 columns and no rows"],
    ["two columns of one name", "a,b,a\n1,2,3\n", {}, "rows.csv names two columns a: columns 1 and 3"],
    ["names that differ in case alone", "a,A\n1,2\n", {}, "rows.csv names two columns A: columns 1 and 2"],
    [
      "a wrong delimiter",
      "a;b;c\n1;2;3\n",
      { delimiter: "," },
      "Divided by a comma the file has one column, which contains a semicolon again and again",
    ],
    [
      "an unusual delimiter",
      "a^b^c\n1^2^3\n",
      {},
      "Divided by a comma the file has one column, which contains a caret again and again",
    ],
    [
      "a quote that never closes",
      'a,b\n1,"2\n3,4\n',
      {},
      "rows.csv: a quote is opened in the row that starts at line 2 and never closed",
    ],
    [
      "another encoding",
      Buffer.from("a,b\n1,2\n3,caf\xe9\n", "latin1"),
      {},
      "rows.csv is not UTF-8: line 3, byte 13 of the file is 0xE9",
    ],
    ["UTF-16", Buffer.from("\ufeffa,b\n1,2\n", "utf16le"), {}, "rows.csv is UTF-16, not UTF-8"],
    [
      "bytes that are no text",
      Buffer.from([0x61, 0, 0x2c, 0x62, 0x0a, 0x31, 0x0a]),
      {},
      "rows.csv is not a text file: its first line holds NUL bytes",
    ],
    [
      "a workbook",
      Buffer.from("PK\x03\x04rest"),
      { file: "rows.xlsx" },
      "rows.xlsx is a ZIP archive or an Excel workbook",
    ],
    ["what is not Parquet", "a,b\n1,2\n", { file: "rows.parquet" }, "rows.parquet is not a Parquet file"],
    [
      "a Parquet file that was cut off",
      "PAR1abcdef",
      { file: "rows.parquet" },
      "rows.parquet begins like Parquet and ends in the middle: the copy or the export was cut off",
    ],
    [
      "numbers in place of a header",
      "1.5,2.5\n1,2\n",
      {},
      "The first line of rows.csv holds numbers (1.5, 2.5), not column names",
    ],
    [
      "a type for a column that is not there",
      "a\n1\n",
      { columns: { b: "integer" } },
      "rows.csv has no column b; its columns are a",
    ],
    [
      "a key that is not there",
      "a\n1\n",
      { key: "b" },
      "rows.csv has no column b to name its rows by; its columns are a",
    ],
    [
      "a broken gzip",
      Buffer.from([0x1f, 0x8b, 1, 2, 3]),
      { file: "rows.csv.gz" },
      /^rows\.csv\.gz starts like gzip and cannot be unpacked/,
    ],
  ])("%s is refused with nothing left behind", async (_name, content, options, message) => {
    const { problem } = await refused(content, options);
    expect(problem.code).toBe("BAD_DATA");
    if (typeof message === "string") expect(problem.message).toBe(message);
    else expect(problem.message).toMatch(message);
    expect(problem.help).not.toBe(null);
  });

  it("a line of 100 MB is refused in bounded memory", async () => {
    const { problem } = await refused(Buffer.alloc(100_000_000, "x"));
    expect(problem.message).toBe("rows.csv: line 1 is longer than 2,000,000 bytes");
  });

  it("a row beyond 2 MB is refused by its line", async () => {
    const { problem } = await refused(`a,b\n1,2\n3,"${"x".repeat(2_100_000)}"\n4,5\n`);
    expect(problem.message).toBe("rows.csv: line 3 is longer than 2,000,000 bytes");
  });

  it("a JSON object that names a member twice is a bad row", async () => {
    const { badRows } = await refused('{"a":1,"b":{"a":1},"c":"\\"x:"}\n{"a":1,"a":2}\n', {
      file: "rows.jsonl",
    });
    expect(badRows?.first.map(({ line, reason }) => [line, reason])).toEqual([
      [2, "a member is named twice"],
    ]);
  });

  it("a JSON list is refused", async () => {
    const { badRows } = await refused('[{"a":1}]\n', { file: "rows.json" });
    expect(badRows?.first[0]?.reason).toBe("a JSON list, not an object; every line is one object");
  });
});

describe("import of JSON lines", () => {
  it("D1/json-lines keeps exact numbers, nested values as JSON, and members that come late", async () => {
    const version = await prepared(
      '{"id":9007199254740993,"tags":["a","b"],"when":"2024-01-01T00:00:00Z","zip":"007"}\n{"id":1,"late":true,"when":null}\n',
      { file: "rows.jsonl" },
    );
    expect(typesOf(version)).toEqual({
      id: "integer",
      tags: "string?",
      when: "timestamp?",
      zip: "string?",
      late: "boolean?",
    });
    expect(await rowsOf(version)).toEqual([
      ["9007199254740993", '["a","b"]', "2024-01-01 00:00:00", "007", null],
      ["1", null, null, null, true],
    ]);
  });
});

describe("import of Parquet", () => {
  async function parquetBytes(select: string): Promise<Buffer> {
    const duck = await openDuck({ threads: 1, memoryBytes: 256 * 1024 * 1024 });
    const path = join(folder, `made-${imports++}.parquet`);
    await duck.run(`copy (${select}) to '${path}' (format parquet)`);
    duck.close();
    return readFileSync(path);
  }

  it("D1/parquet reads every type and gives the id of the same rows as CSV", async () => {
    const bytes = await parquetBytes(
      "select 1::utinyint as a, 2.5::float as b, 'x' as c, date '2024-01-01' as d, timestamptz '2024-01-01 02:00:00+02' as e",
    );
    const version = await prepared(bytes, { file: "rows.parquet" });
    const text = await prepared("a,b,c,d,e\n1,2.5,x,2024-01-01,2024-01-01 00:00\n");
    expect(typesOf(version)).toEqual({ a: "integer", b: "double", c: "string", d: "date", e: "timestamp" });
    expect(version.id).toBe(text.id);
  });

  it("reads text as numbers where a type is given, blanks as missing, and names bad rows by number", async () => {
    const bytes = await parquetBytes(
      "select * from (values (1, '1.5'), (2, ' '), (3, 'x'), (4, '2')) as t(id, v)",
    );
    const version = await prepared(bytes, {
      file: "rows.parquet",
      columns: { v: "double" },
      onBadRow: "quarantine",
    });
    expect(await rowsOf(version)).toEqual([
      ["1", 1.5],
      ["2", null],
      ["4", 2],
    ]);
    expect(readFileSync(version.quarantine?.path ?? "", "utf8")).toBe(
      `${JSON.stringify({ file: "rows.parquet", line: 3, column: "v", value: "x", reason: "not a number", text: '{"id":3,"v":"x"}' })}\n`,
    );
    expect(version.findings[0]?.message).toBe("1 blank");
  });

  it("refuses fractions for whole numbers instead of rounding them", async () => {
    const bytes = await parquetBytes("select * from (values (1.0::double), (1.5)) as t(v)");
    const { badRows } = await refused(bytes, { file: "rows.parquet", columns: { v: "integer" } });
    expect(badRows?.first).toEqual([
      { file: "rows.parquet", line: 2, column: "v", value: "1.5", reason: "not a whole number of 64 bits" },
    ]);
  });

  it("refuses columns of bytes by name", async () => {
    const bytes = await parquetBytes("select 'abc'::blob as picture, 1 as n");
    const { problem } = await refused(bytes, { file: "rows.parquet" });
    expect(problem.message).toContain("column picture holds bytes");
  });
});

describe("append", () => {
  it("D2/append re-uses old parts and profiles all rows", async () => {
    const first = await prepared("a,b\n1,x\n2,y\n");
    const base = baseOf(first);
    const second = await prepared("b,a\nz,3\n,4\n", { base });
    expect(second.kept.map(({ digest }) => digest)).toEqual(first.added.map(({ digest }) => digest));
    expect(second.added).toHaveLength(1);
    expect(second.schema).toEqual([
      { name: "a", type: "integer", nullable: false },
      { name: "b", type: "string", nullable: true },
    ]);
    expect(second.profile.rows).toBe(4);
    expect(second.profile.columns[0]).toMatchObject({ count: 4, mean: 2.5, min: 1, max: 4, distinct: 4 });
    const again = await prepared("b,a\nz,3\n,4\n", { base });
    expect(again.id).toBe(second.id);
  });

  it("refuses rows of other columns or types", async () => {
    const base = baseOf(await prepared("a,b\n1,x\n2,y\n"));
    expect((await refused("a,c\n1,x\n", { base })).problem.message).toBe(
      "rows.csv has no column b; its columns are a, c",
    );
    expect((await refused("a,b,c\n1,x,y\n", { base })).problem.message).toBe(
      "rows.csv has a column c that the version does not have",
    );
    expect((await refused("a,b\n1.5,x\n", { base })).badRows?.first[0]).toMatchObject({
      line: 2,
      column: "a",
      value: "1.5",
    });
  });
});
