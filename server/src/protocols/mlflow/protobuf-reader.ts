/** How a field's bytes become a value. `message` holds the fields of another schema. */
export type FieldKind =
  | "string"
  | "bytes"
  | "bool"
  | "int"
  | "fixed64"
  | "fixed32"
  | "double"
  | { readonly message: () => MessageSchema };

/** One field of a message: its name in JSON, and whether it may come many times. */
export type FieldSchema = { readonly name: string; readonly kind: FieldKind; readonly many?: boolean };

/** Fields of a message by their number on the wire. */
export type MessageSchema = Readonly<Record<number, FieldSchema>>;

/** A message as JSON: numbers of 64 bits as text, bytes in base64, as the JSON form of protocol buffers has them. */
export type JsonMessage = { [name: string]: unknown };

/** Deepest nesting that is read; values of attributes may nest without end. */
const DEEPEST = 64;

const VARINT = 0;
const SIXTY_FOUR = 1;
const LENGTH = 2;
const THIRTY_TWO = 5;

/** Reads a message of protocol buffers; throws RangeError where the bytes are none. Unknown fields are passed over. */
export function readMessage(bytes: Buffer, schema: MessageSchema, depth = 0): JsonMessage {
  if (depth > DEEPEST) throw new RangeError(`messages are nested deeper than ${DEEPEST}`);
  const message: JsonMessage = {};
  let at = 0;

  function varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) throw new RangeError("the message ends within a number");
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new RangeError("a number is longer than 64 bits");
  }

  function take(length: number): Buffer {
    if (at + length > bytes.length) throw new RangeError("the message ends within a field");
    at += length;
    return bytes.subarray(at - length, at);
  }

  /** The raw value, whatever the schema says of it. */
  function raw(wire: number): bigint | Buffer {
    switch (wire) {
      case VARINT:
        return varint();
      case SIXTY_FOUR:
        return take(8);
      case LENGTH:
        return take(Number(varint()));
      case THIRTY_TWO:
        return take(4);
      default:
        throw new RangeError(`there is no wire type ${wire}`);
    }
  }

  while (at < bytes.length) {
    const tag = Number(varint());
    const value = raw(tag & 7);
    const field = schema[tag >>> 3];
    if (field === undefined) continue;
    const read = readValue(value, field.kind, depth);
    if (field.many !== true) message[field.name] = read;
    // Only this line makes the list.
    else message[field.name] = [...((message[field.name] as unknown[] | undefined) ?? []), read];
  }
  return message;
}

function readValue(value: bigint | Buffer, kind: FieldKind, depth: number): unknown {
  if (typeof value === "bigint") {
    if (kind === "bool") return value !== 0n;
    if (kind === "int") return BigInt.asIntN(64, value).toString();
    throw new RangeError("a number stands where something else belongs");
  }
  if (typeof kind === "object") return readMessage(value, kind.message(), depth + 1);
  switch (kind) {
    case "string":
      return value.toString("utf8");
    case "bytes":
      return value.toString("base64");
    case "fixed64":
      return sized(value, 8).readBigUInt64LE().toString();
    case "fixed32":
      return sized(value, 4).readUInt32LE();
    case "double": {
      const number = sized(value, 8).readDoubleLE();
      return Number.isFinite(number) ? number : String(number);
    }
    case "bool":
    case "int":
      throw new RangeError("bytes stand where a number belongs");
    default:
      return kind satisfies never;
  }
}

function sized(value: Buffer, length: number): Buffer {
  if (value.length !== length)
    throw new RangeError(`a number has ${value.length} bytes instead of ${length}`);
  return value;
}
