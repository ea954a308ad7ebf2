import { describe, expect, it } from "vitest";
import { artifactKind, artifactTree } from "./artifact-kind.ts";
import { highlight } from "./highlight.ts";
import { signatureIn } from "./mlmodel-signature.ts";
import { readCsv, tableOfJson } from "./read-table.ts";

const whole = { separator: ",", isCut: false };

describe("files of a run", () => {
  it.each([
    ["plots/roc.png", "image"],
    ["report.HTML", "html"],
    ["notes.md", "markdown"],
    ["eval.csv", "table"],
    ["model/MLmodel", "mlmodel"],
    ["model/requirements.txt", "text"],
    ["model/model.pkl", "binary"],
    ["model/conda.yaml", "code"],
    ["Dockerfile", "text"],
  ])("%s is shown as %s", (path, kind) => {
    expect(artifactKind(path)).toBe(kind);
  });

  it("E2/artifacts stand in their folders, folders first, with the size of what is in them", () => {
    const files = ["model/MLmodel", "model/data/weights.bin", "a10.txt", "a2.txt"].map((path) => ({
      path,
      bytes: 10,
      digest: "0",
    }));
    const tree = artifactTree(files);
    expect(tree.map(({ name }) => name)).toEqual(["model", "a2.txt", "a10.txt"]);
    expect(tree[0]).toMatchObject({ kind: "folder", files: 2, bytes: 20, path: "model" });
    expect(artifactTree([])).toEqual([]);
  });
});

describe("tables in files", () => {
  it("are read with quotes, line breaks in cells and no last line break", () => {
    const table = readCsv('a,b\r\n"x, ""y""\nz",2\n3,', whole);
    expect(table).toEqual({
      columns: ["a", "b"],
      rows: [
        ['x, "y"\nz', "2"],
        ["3", ""],
      ],
      isCut: false,
    });
  });

  it("lose the row that was cut in the middle", () => {
    expect(readCsv("a,b\n1,2\n3,", { separator: ",", isCut: true })).toEqual({
      columns: ["a", "b"],
      rows: [["1", "2"]],
      isCut: true,
    });
  });

  it("are found in JSON: split as MLflow logs them, and records", () => {
    expect(tableOfJson({ columns: ["q"], data: [["why"], [null]] })?.rows).toEqual([["why"], [""]]);
    expect(tableOfJson([{ a: 1 }, { b: { c: 2 } }])).toMatchObject({
      columns: ["a", "b"],
      rows: [
        ["1", ""],
        ["", '{"c":2}'],
      ],
    });
    expect(tableOfJson({ a: 1 })).toBeUndefined();
    expect(tableOfJson([1, 2])).toBeUndefined();
  });
});

describe("code", () => {
  it("is parted without losing a letter", () => {
    const code = 'def f(x):  # doubles\n    return "a # b" * 2\n';
    const parts = highlight(code, "py");
    expect(parts.map(({ text }) => text).join("")).toBe(code);
    expect(parts.filter(({ kind }) => kind !== "text").map(({ kind, text }) => [kind, text])).toEqual([
      ["word", "def"],
      ["comment", "# doubles"],
      ["word", "return"],
      ["string", '"a # b"'],
      ["number", "2"],
    ]);
  });

  it("marks the keys of YAML", () => {
    expect(highlight("name: env\n", "yaml")[0]).toEqual({ kind: "name", text: "name" });
  });
});

describe("the signature of an MLmodel", () => {
  it("is read from JSON texts that YAML folded over lines", () => {
    const text = [
      "flavors:",
      "  sklearn: {}",
      "signature:",
      '  inputs: \'[{"type": "double", "name": "sepal',
      '    length", "required": true}, {"type": "long", "name": "it\'\'s", "required": false}]\'',
      '  outputs: \'[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]\'',
      "  params: null",
      "utc_time_created: '2026-11-21'",
      "",
    ].join("\n");
    expect(signatureIn(text)).toEqual({
      inputs: [
        { name: "sepal length", type: "double", required: true },
        { name: "it's", type: "long", required: false },
      ],
      outputs: [{ name: "", type: "tensor int64 [-1]", required: true }],
      params: [],
    });
    expect(signatureIn("flavors: {}\n")).toBeUndefined();
  });
});
