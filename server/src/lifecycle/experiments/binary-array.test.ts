import { expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { bigintArray, doubleArray } from "./binary-array.ts";

const { database } = await testDatabase();
const asText = async (type: string, values: Buffer): Promise<string> => {
  const { rows } = await database.pool.query(`select $1::${type}[]::text as text`, [values]);
  return rows[0].text;
};

it("gives the database every integer that a number holds exactly", async () => {
  const { MAX_SAFE_INTEGER: most, MIN_SAFE_INTEGER: least } = Number;
  const values = [0, 1, -1, 2 ** 31, -(2 ** 31) - 1, 2 ** 32, -(2 ** 32), 1_700_000_000_123, most, least];
  expect(await asText("bigint", bigintArray(values))).toBe(`{${values.join(",")}}`);
  expect(await asText("bigint", bigintArray([]))).toBe("{}");
});

it("gives the database every double, what is not finite and nothing", async () => {
  const values = [0.1 + 0.2, Number.MAX_VALUE, Number.MIN_VALUE, null, Number.NaN, Number.NEGATIVE_INFINITY];
  const { rows } = await database.pool.query("select $1::double precision[] as given", [doubleArray(values)]);
  expect(rows[0].given).toEqual(values);
});
