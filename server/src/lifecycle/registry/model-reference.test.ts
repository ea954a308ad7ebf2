import { expect, it } from "vitest";
import { checkAliasName, parseModelReference } from "./model-reference.ts";

it.each([
  ["churn@3", { model: "churn", kind: "version", version: 3 }],
  ["churn@champion", { model: "churn", kind: "alias", alias: "champion" }],
  ["churn@latest", { model: "churn", kind: "latest" }],
  ["my model@Champion_1", { model: "my model", kind: "alias", alias: "Champion_1" }],
  ["a@b@best", { model: "a@b", kind: "alias", alias: "best" }],
  ["churn@0", { model: "churn", kind: "alias", alias: "0" }],
])("reads %s", (text, expected) => {
  expect(parseModelReference(text)).toEqual(expected);
});

it.each(["churn", "@3", "churn@"])("refuses %s", (text) => {
  expect(() => parseModelReference(text)).toThrow("does not say which version is meant");
});

it("refuses aliases that a reference would read as something else", () => {
  expect(() => checkAliasName("latest")).toThrow("latest always means the newest version");
  expect(() => checkAliasName("12")).toThrow("a number means the version of that number");
  expect(() => checkAliasName("Latest")).toThrow("latest always means the newest version");
  expect(() => checkAliasName("v3")).toThrow("a number means the version of that number");
  expect(() => checkAliasName("champion")).not.toThrow();
});
