import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect, it } from "vitest";
import { readJson } from "./body.ts";

function parse(text: string) {
  const request = new IncomingMessage(new Socket());
  request.push(Buffer.from(text));
  request.push(null);
  return readJson(request);
}

it.each([
  ["[1, 2.5, null]", [1, 2.5, null], false],
  ["[9007199254740993]", [9007199254740993n], true],
  ["[-9007199254740993, 1]", [-9007199254740993n, 1], true],
  ["[0.30000000000000004]", [0.30000000000000004], false],
  ["[12345678901234567890.5]", [Number("12345678901234567890.5")], false],
  ["[1000000000000000000e2]", [1e20], false],
  ['{"card": "1234567890123456"}', { card: "1234567890123456" }, true],
])("parses %s without losing a digit of an integer", async (text, value, exact) => {
  expect(await parse(text)).toEqual({ value, exact });
});
