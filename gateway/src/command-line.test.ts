import { describe, expect, it } from "vitest";
import { parseCommand } from "./command-line.ts";

const serve = ["serve", "--data-dir", "/data", "--control-url", "http://127.0.0.1:7420"];
const withToken = { token: "secret" };

describe("serve", () => {
  it("has a default for all but the folder and control", () => {
    expect(parseCommand(serve, withToken)).toEqual({
      kind: "serve",
      name: "g1",
      dataDir: "/data",
      controlUrl: "http://127.0.0.1:7420",
      host: "127.0.0.1",
      port: 7421,
      sharePort: false,
      noAuth: false,
      hosts: ["127.0.0.1"],
      logLevel: "info",
      token: "secret",
    });
  });

  it("needs no token without checking", () => {
    expect(parseCommand([...serve, "--no-auth"], { token: undefined })).toMatchObject({
      noAuth: true,
      token: null,
    });
  });

  it("tells everything that is wrong at once", () => {
    expect(() =>
      parseCommand(["serve", "--port", "x", "--name", "Ä", "--no-auth", "--host", "0.0.0.0"], withToken),
    ).toThrow(/--data-dir.*--control-url.*--port.*--name.*--no-auth/);
    expect(() => parseCommand(serve, { token: undefined })).toThrow("CAUSEWAY_GATEWAY_TOKEN");
  });
});

describe("score and inspect", () => {
  it("take a format and a file", () => {
    expect(parseCommand(["inspect", "--format", "onnx", "--model", "m.onnx"], withToken)).toEqual({
      kind: "inspect",
      format: "onnx",
      model: "m.onnx",
      signature: null,
      python: null,
    });
  });

  it.each([
    [["score", "--format", "onnx", "--model", "m"], "--signature: the value is missing"],
    [["inspect", "--format", "pmml", "--model", "m"], "--format: expected onnx or ydf or mlflow, got pmml"],
    [["inspect", "--modell", "m"], "--modell"],
    [["fly"], "fly: expected serve, score or inspect"],
    [[], "nothing: expected"],
  ])("refuse %j", (args, message) => {
    expect(() => parseCommand(args, withToken)).toThrow(message);
  });
});
