import { expect, it } from "vitest";
import { spacedJson } from "./spaced-json.ts";

it.each([
  [[{ name: "churn", version: 1 }], '[{"name": "churn", "version": 1}]'],
  [{ a: { b: [] }, c: {} }, '{"a": {"b": []}, "c": {}}'],
  ['say "hi": é', '"say \\"hi\\": é"'],
  [[null, true, 1.5, undefined], "[null, true, 1.5, null]"],
])("writes %j with the spaces of Python", (value, text) => {
  expect(spacedJson(value)).toBe(text);
});
