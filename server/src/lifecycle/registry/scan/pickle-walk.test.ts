import { expect, it } from "vitest";
import { judgeImport } from "./import-rules.ts";
import { walkPickle } from "./pickle-walk.ts";

const text = (source: string) => new TextEncoder().encode(source);

/** Protocol 4: texts by length, then STACK_GLOBAL, an argument, REDUCE, STOP. */
function stackGlobal(module: string, name: string): Uint8Array {
  const short = (value: string) => [0x8c, value.length, ...text(value), 0x94];
  return Uint8Array.from([
    0x80,
    4,
    ...short(module),
    ...short(name),
    0x93,
    0x94,
    ...short("ls"),
    0x85,
    0x52,
    0x2e,
  ]);
}

it("R7/scan finds what a pickle of protocol 0 imports", () => {
  const { imports, problem } = walkPickle(text("cposix\nsystem\n(S'ls'\ntR."));
  expect(imports).toEqual([{ module: "posix", name: "system" }]);
  expect(problem).toBeNull();
});

it("finds an import of protocol 4, whose names lie on the stack", () => {
  expect(walkPickle(stackGlobal("builtins", "eval")).imports).toEqual([{ module: "builtins", name: "eval" }]);
});

it("follows names that come out of the memo", () => {
  // "posix" and "system" are put away and taken out again before they are joined.
  const bytes = Uint8Array.from([
    ...[0x80, 2, 0x58, 5, 0, 0, 0, ...text("posix"), 0x71, 0, 0x30],
    ...[0x58, 6, 0, 0, 0, ...text("system"), 0x71, 1, 0x30],
    ...[0x68, 0, 0x68, 1, 0x93, 0x2e],
  ]);
  expect(walkPickle(bytes)).toMatchObject({ imports: [{ module: "posix", name: "system" }], hidden: false });
});

it("says that a name is made up while loading", () => {
  const bytes = Uint8Array.from([0x80, 4, 0x4b, 1, 0x8c, 1, 0x61, 0x93, 0x2e]);
  expect(walkPickle(bytes).hidden).toBe(true);
});

it("looks at every pickle of a file, one after the other", () => {
  const both = Buffer.concat([Uint8Array.from([0x80, 4, 0x4e, 0x2e]), stackGlobal("posix", "system")]);
  expect(walkPickle(both).imports).toEqual([{ module: "posix", name: "system" }]);
});

it("skips what joblib writes between opcodes, and finds what stands behind it", () => {
  const short = (value: string) => [0x8c, value.length, ...text(value)];
  const dtype = [...short("numpy"), ...short("dtype"), 0x93, ...short("f8"), 0x85, 0x52];
  const wrapper = [...short("joblib.numpy_pickle"), ...short("NumpyArrayWrapper"), 0x93, 0x29, 0x81];
  const state = [0x7d, 0x28, ...short("shape"), 0x4b, 2, 0x85, ...short("dtype"), ...dtype, 0x75, 0x62];
  // Two doubles of raw bytes, among them some that would be opcodes.
  const raw = [0x2e, 0x2e, 0xff, 0xff, 1, 2, 3, 4, 0x2e, 0x2e, 0xff, 0xff, 1, 2, 3, 4];
  const bytes = Uint8Array.from([
    0x80,
    4,
    ...wrapper,
    ...state,
    ...raw,
    ...stackGlobal("posix", "system").slice(2),
  ]);
  const { imports, problem } = walkPickle(bytes);
  expect(problem).toBeNull();
  expect(imports).toContainEqual({ module: "posix", name: "system" });
});

it.each([
  ["a file that ends in the middle", Uint8Array.from([0x80, 4, 0x8c, 9, 0x61]), /ends in the middle/],
  ["bytes that are no opcodes", Uint8Array.from([0x80, 4, 0xfe]), /no opcode/],
])("tells of %s", (_, bytes, said) => {
  expect(walkPickle(bytes).problem).toMatch(said);
});

it.each([
  ["posix", "system", "danger"],
  ["subprocess", "Popen", "danger"],
  ["builtins", "getattr", "danger"],
  ["operator", "attrgetter", "danger"],
  ["torch.hub", "load", "danger"],
  ["acme.models", "Net", "warning"],
  ["__main__", "Net", "warning"],
  ["cloudpickle.cloudpickle", "_make_function", "note"],
  ["sklearn.linear_model._logistic", "LogisticRegression", undefined],
  ["numpy._core.multiarray", "_reconstruct", undefined],
  ["builtins", "set", undefined],
  ["collections", "OrderedDict", undefined],
])("judges an import of %s.%s as %s", (module, name, severity) => {
  expect(judgeImport({ module, name })?.severity).toBe(severity);
});
