import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { column, signature } from "../../testing/signatures.ts";
import { Structured } from "./define.ts";
import { decodeOutputs, encodeColumns } from "./python-columns.ts";
import { type Frame, readFrames, writeFrame } from "./python-frames.ts";

it("sends numbers as they lie in memory, a missing one as NaN, and the rest as JSON", () => {
  const of = signature([
    column("x", "double", { nullable: true }),
    column("n", "integer"),
    column("t", "string"),
    column("b", "boolean", { nullable: true }),
  ]);
  const { columns, parts } = encodeColumns(
    [
      [1.5, 2n ** 60n, "é", null],
      [null, 3, "y", true],
    ],
    of,
  );
  expect(columns).toEqual([
    { at: 0, bytes: 16, code: "f8" },
    { at: 16, bytes: 16, code: "i8" },
    { data: ["é", "y"] },
    { data: [null, true] },
  ]);
  const body = Buffer.concat(parts);
  expect([body.readDoubleLE(0), body.readDoubleLE(8), body.readBigInt64LE(16)]).toEqual([
    1.5,
    Number.NaN,
    2n ** 60n,
  ]);
});

it("sends tensors of one shape as numbers, and others as JSON", () => {
  const of = signature([column("input", "tensor", { tensor: { dtype: "float32", shape: [2, -1] } })]);
  const row = (json: unknown) => [new Structured(json)];
  const same = encodeColumns(
    [
      row([
        [1, 2],
        [3, 4],
      ]),
      row([
        [5, 6],
        [7, 8],
      ]),
    ],
    of,
  );
  expect(same.columns).toEqual([{ at: 0, bytes: 64, code: "f8", shape: [2, 2] }]);
  const ragged = [
    row([[1], [2]]),
    row([
      [1, 2],
      [3, 4],
    ]),
  ];
  expect(encodeColumns(ragged, of).columns).toEqual([{ data: ragged.map(([value]) => value) }]);
});

it("sends the columns of a tensor in one piece, in the order of the model's own signature", () => {
  const element = (tensor: string, at: number, size: number, dtype = "float32") => ({
    element: { tensor, dtype, shape: [size], at },
  });
  const of = signature([
    column("x.0", "double", { nullable: true, ...element("x", 0, 2) }),
    column("x.1", "double", { nullable: true, ...element("x", 1, 2) }),
    column("t", "string"),
    column("n", "integer", element("n", 0, 1, "int64")),
  ]);
  const rows = [
    [1, null, "a", 7],
    [3, 4, "b", 8],
  ];
  const { columns, parts } = encodeColumns(rows, of);
  expect(columns).toEqual([
    { at: 0, bytes: 32, code: "f8", shape: [2] },
    { data: ["a", "b"] },
    { at: 32, bytes: 16, code: "i8", shape: [1] },
  ]);
  const body = Buffer.concat(parts);
  expect([0, 8, 16, 24].map((at) => body.readDoubleLE(at))).toEqual([1, Number.NaN, 3, 4]);
});

it("reads frames however they are cut, and every digit of what is in them", () => {
  const stream = new PassThrough();
  const sent = new PassThrough();
  writeFrame(
    sent,
    {
      outputs: [{ name: "p", datatype: "INT64", rowShape: [], json: false, at: 0, bytes: 16 }],
      big: 2n ** 60n,
    },
    [new Uint8Array(BigInt64Array.of(2n ** 60n, -1n).buffer)],
  );
  writeFrame(sent, {
    outputs: [{ name: "t", datatype: "BYTES", rowShape: [], json: true, data: ['{"a":1}'] }],
  });
  const frames: Frame[] = [];
  readFrames(stream, (frame) => frames.push(frame));
  for (const byte of sent.read() as Buffer) stream.emit("data", Buffer.of(byte));
  const [first, second] = frames;
  if (!first || !second) throw new Error("two frames were sent");
  expect(decodeOutputs(first, 2)).toMatchObject([
    { name: "p", width: 1, data: BigInt64Array.of(2n ** 60n, -1n) },
  ]);
  expect(decodeOutputs(second, 1)).toMatchObject([{ json: true, data: ['{"a":1}'] }]);
});
