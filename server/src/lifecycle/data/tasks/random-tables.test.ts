import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ImportOptions, type Json } from "@causeway/contract";
import { afterAll, expect, it } from "vitest";
import { openDuck, parquet } from "../tables/duck.ts";
import { importFile } from "./import-file.ts";

const folder = mkdtempSync(join(tmpdir(), "causeway-random-"));
const duck = await openDuck({ threads: 1, memoryBytes: 256 * 1024 * 1024 });
afterAll(() => {
  duck.close();
  rmSync(folder, { recursive: true, force: true });
});

function randomOf(seed: number) {
  let state = seed * 2_654_435_761 + 1;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const PIECES = [
  "a",
  "Z",
  " ",
  ",",
  ";",
  "\t",
  "|",
  '"',
  "'",
  "\n",
  "\r\n",
  "é",
  "漢",
  "🙂",
  "0",
  "-",
  "\\",
  "#",
];

it.each(Array.from({ length: 25 }, (_, seed) => seed))(
  "D1/csv reads what was written, whatever the texts and the manner of writing (table %i)",
  async (seed) => {
    const random = randomOf(seed);
    const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item;
    const delimiter = pick([",", ";", "\t", "|"]);
    const lineEnd = pick(["\n", "\r\n", "\r"]);
    const rows = Array.from({ length: 20 + random(200) }, (_, n): [number, string | null, number | null] => [
      n,
      random(8) === 0 ? null : Array.from({ length: 1 + random(12) }, () => pick(PIECES)).join(""),
      random(5) === 0 ? null : random(1_000_000) / 8 - 5_000,
    ]);
    const quoteAlways = random(3) === 0;
    const written = (value: string | number | null) => {
      if (value === null) return "";
      const text = String(value);
      return quoteAlways || /["\n\r,;\t|]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    // Line ends inside of texts are their own; those between rows are the file's.
    const lines = [["id", "text", "number"], ...rows].map((row) => row.map(written).join(delimiter));
    const scratch = join(folder, String(seed));
    mkdirSync(scratch);
    const path = join(scratch, "upload");
    writeFileSync(path, lines.join(lineEnd) + pick(["", lineEnd]));
    const outcome = await importFile(
      { path, file: "random.csv", options: ImportOptions.parse({}), base: null, out: join(scratch, "out") },
      { scratch, progress: () => {} },
    );
    if (outcome.kind === "refused") throw new Error(outcome.refusal.problem.message);
    const { version } = outcome;
    const read = await duck.rows(`select * from ${parquet(version.added.map((part) => part.path))}`);
    const expected: Json[][] = rows.map(([id, text, number]) => [String(id), text, number]);
    expect(version.schema.map(({ type }) => type)).toEqual(["integer", "string", "double"]);
    expect(read).toEqual(expected);
  },
);
