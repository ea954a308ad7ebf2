import { fail } from "@causeway/contract";

/**
 * A field of a protobuf message by its place in the bytes (encoding: protobuf.dev/programming-guides/encoding). `start` is
 * where its tag begins, `from` to `to` its content; a varint's value is `value`.
 */
export type WireField = {
  readonly number: number;
  readonly wire: number;
  readonly start: number;
  readonly from: number;
  readonly to: number;
  readonly value: bigint;
};

const MOST_VARINT_BYTES = 10;

/** Walks the fields of a message without copying any. */
export function* wireFields(bytes: Uint8Array, from = 0, to = bytes.length): Generator<WireField> {
  let position = from;
  while (position < to) {
    const start = position;
    const tag = readVarint(bytes, position);
    position = tag.next;
    const number = Number(tag.value >> 3n);
    const wire = Number(tag.value & 7n);
    let contentFrom = position;
    let value = 0n;
    switch (wire) {
      case 0: {
        const read = readVarint(bytes, position);
        value = read.value;
        position = read.next;
        break;
      }
      case 1:
        position += 8;
        break;
      case 2: {
        const length = readVarint(bytes, position);
        contentFrom = length.next;
        position = contentFrom + Number(length.value);
        break;
      }
      case 5:
        position += 4;
        break;
      default:
        throw torn(start);
    }
    if (position > to || number === 0) throw torn(start);
    yield { number, wire, start, from: contentFrom, to: position, value };
  }
}

/** A field that holds text, bytes or a message. */
export function writeBytes(number: number, content: Uint8Array | string): Buffer {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return Buffer.concat([writeNumber((number << 3) | 2), writeNumber(bytes.length), bytes]);
}

/** A field that holds a whole number of at least 0. */
export function writeVarint(number: number, value: number): Buffer {
  return Buffer.concat([writeNumber(number << 3), writeNumber(value)]);
}

/** The text of a field. */
export function readText(bytes: Uint8Array, field: WireField): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + field.from, field.to - field.from).toString("utf8");
}

/** The signed 64-bit numbers of a repeated field, packed or not. */
export function readIntegers(bytes: Uint8Array, field: WireField): bigint[] {
  if (field.wire === 0) return [BigInt.asIntN(64, field.value)];
  const values: bigint[] = [];
  let position = field.from;
  while (position < field.to) {
    const read = readVarint(bytes, position);
    values.push(BigInt.asIntN(64, read.value));
    position = read.next;
  }
  return values;
}

function readVarint(bytes: Uint8Array, from: number): { value: bigint; next: number } {
  let value = 0n;
  for (let index = 0; index < MOST_VARINT_BYTES; index++) {
    const byte = bytes[from + index];
    if (byte === undefined) throw torn(from);
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return { value, next: from + index + 1 };
  }
  throw torn(from);
}

function writeNumber(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

function torn(position: number) {
  return fail("BAD_MODEL", {
    message: `the file is not a protobuf message: byte ${position} does not start a field`,
    help: "export the model again and check that the file is complete",
  });
}
