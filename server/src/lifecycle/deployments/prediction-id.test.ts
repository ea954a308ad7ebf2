import { expect, it } from "vitest";
import { parsePredictionId, timeOf } from "./prediction-id.ts";

// Example of RFC 9562, appendix A.6: 2022-02-22T19:22:22.000Z.
const example = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";

it("reads a request and a row of it", () => {
  expect(parsePredictionId(example, "prediction")).toEqual({ request: example, row: null });
  expect(parsePredictionId(`${example}.12`, "prediction")).toEqual({ request: example, row: 12 });
});

it("reads the time out of the id", () => {
  expect(timeOf({ request: example }).toISOString()).toBe("2022-02-22T19:22:22.000Z");
});

it.each([
  "",
  "churn",
  `${example}.`,
  `${example}.x`,
  example.toUpperCase(),
  example.replace("-7cc3", "-4cc3"),
])("refuses %j", (text) => {
  expect(() => parsePredictionId(text, "prediction")).toThrow("is not the id of a prediction");
});
