import { expect, it } from "vitest";
import { mediaTypeOf } from "./media-type.ts";

it.each([
  ["plots/roc.SVG", "image/svg+xml"],
  ["model/MLmodel", "text/plain; charset=utf-8"],
  ["report.html", "text/html; charset=utf-8"],
  ["weights.safetensors", "application/octet-stream"],
  ["constructor", "application/octet-stream"],
])("knows %s as %s", (path, type) => {
  expect(mediaTypeOf(path)).toBe(type);
});
