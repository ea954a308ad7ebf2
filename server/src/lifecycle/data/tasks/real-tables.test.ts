import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ImportOptions } from "@causeway/contract";
import { afterAll, describe, expect, it } from "vitest";
import { importFile } from "./import-file.ts";
import type { PreparedVersion } from "./prepared-version.ts";

/** Real tables lie beside the project where its makers work; elsewhere these tests are skipped. */
const SHARED = join(import.meta.dirname, "..", "..", "..", "..", "..", "..", "shared", "data");
const present = existsSync(SHARED);
const folder = mkdtempSync(join(tmpdir(), "causeway-real-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let imports = 0;
async function prepared(path: string, options: Record<string, unknown> = {}): Promise<PreparedVersion> {
  const scratch = join(folder, String(imports++));
  mkdirSync(scratch);
  const outcome = await importFile(
    {
      path: join(SHARED, path),
      file: basename(path),
      options: ImportOptions.parse(options),
      base: null,
      out: join(scratch, "out"),
    },
    { scratch, progress: () => {} },
  );
  if (outcome.kind === "refused") throw new Error(outcome.refusal.problem.message);
  return outcome.version;
}

const shape = ({ profile, schema }: PreparedVersion) => [profile.rows, schema.length];
const columnOf = ({ profile }: PreparedVersion, name: string) =>
  profile.columns.find((column) => column.name === name);

describe.skipIf(!present)(
  `real tables${present ? "" : " (skipped: no ../shared/data beside the project)"}`,
  () => {
    it("telco: the 11 blanks of TotalCharges are found and explained", async () => {
      const version = await prepared("telco_churn/Telco-Customer-Churn.csv", { key: "customerID" });
      expect(shape(version)).toEqual([7_043, 21]);
      expect(version.findings).toEqual([
        {
          kind: "blank",
          severity: "warning",
          column: "TotalCharges",
          rows: 11,
          message: "11 blanks, all where tenure = 0",
          fact: { says: "blanks", markers: [""], where: { column: "tenure", value: "0" } },
        },
      ]);
      expect(columnOf(version, "TotalCharges")).toMatchObject({ type: "double", count: 7_032, missing: 11 });
      const churn = columnOf(version, "Churn");
      expect(churn?.top).toEqual([
        { value: "No", count: 5_174 },
        { value: "Yes", count: 1_869 },
      ]);
      expect(columnOf(version, "customerID")?.distinct).toBeGreaterThan(6_500);
      expect(columnOf(version, "tenure")).toMatchObject({ min: 0, max: 72, distinct: 73 });
    });

    it("telco: D4/quantiles D4/moments agree with what NumPy says", async () => {
      const version = await prepared("telco_churn/Telco-Customer-Churn.csv");
      const charges = columnOf(version, "MonthlyCharges");
      // NumPy 2.4.6: mean, std(ddof=1), quantile by the default linear method.
      expect(charges?.mean).toBeCloseTo(64.76169246059918, 10);
      expect(charges?.std).toBeCloseTo(30.090047097678482, 10);
      expect(charges?.quantiles.find(({ p }) => p === 0.5)?.value).toBe(70.35);
      expect(charges?.quantiles.find(({ p }) => p === 0.25)?.value).toBe(35.5);
      expect(charges?.quantiles.find(({ p }) => p === 0.75)?.value).toBeCloseTo(89.85, 12);
      expect(charges?.histogram?.counts.reduce((sum, n) => sum + n, 0)).toBe(7_043);
    });

    it("adult: Parquet with missing values", async () => {
      const version = await prepared("adult/adult.parquet");
      expect(shape(version)).toEqual([48_842, 15]);
      expect(columnOf(version, "class")?.top[1]).toEqual({ value: ">50K", count: 11_687 });
    });

    it("hotel bookings: packed CSV, NULL and NA among numbers", async () => {
      const version = await prepared("hotel_bookings/hotel_bookings.csv.gz");
      expect(shape(version)).toEqual([119_390, 32]);
      expect(columnOf(version, "company")).toMatchObject({ type: "integer", missing: 112_593 });
      expect(columnOf(version, "children")).toMatchObject({ type: "integer", missing: 4 });
      expect(columnOf(version, "reservation_status_date")).toMatchObject({ type: "date", missing: 0 });
      expect(version.findings.filter(({ kind }) => kind === "blank").map(({ column }) => column)).toEqual([
        "children",
        "agent",
        "company",
      ]);
    });

    it("bike sharing: days are days", async () => {
      const version = await prepared("bike_sharing/hour.csv", { key: "instant" });
      expect(shape(version)).toEqual([17_379, 17]);
      expect(columnOf(version, "dteday")).toMatchObject({
        type: "date",
        min: "2011-01-01",
        max: "2012-12-31",
      });
      expect(version.findings).toEqual([]);
    });
  },
);
