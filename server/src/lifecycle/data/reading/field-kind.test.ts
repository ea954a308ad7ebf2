import { describe, expect, it } from "vitest";
import { inferType } from "./column-reading.ts";
import { FIELD, fieldKind } from "./field-kind.ts";

const kindOf = (text: string) => {
  const bytes = Buffer.from(`x${text}y`);
  return fieldKind(bytes, 1, bytes.length - 1);
};

describe("fieldKind", () => {
  it.each([
    ["", FIELD.blank],
    ["  \t", FIELD.blank],
    ["NA", FIELD.marker],
    ["NaN", FIELD.marker],
    ["0", FIELD.integer | FIELD.bit],
    ["12", FIELD.integer],
    ["-12", FIELD.integer],
    ["+7", FIELD.integer],
    [" 7 ", FIELD.integer | FIELD.spaced],
    ["007", FIELD.padded],
    ["9223372036854775807", FIELD.integer],
    ["9223372036854775808", FIELD.wide],
    ["-9223372036854775808", FIELD.integer],
    ["12345678901234567890", FIELD.wide],
    ["1.5", FIELD.double],
    [".5", FIELD.double],
    ["5.", FIELD.double],
    ["1e-9", FIELD.double],
    ["-Infinity", FIELD.double],
    ["1e", FIELD.text],
    ["00.5", FIELD.text],
    ["1,5", FIELD.text],
    ["1_000", FIELD.text],
    ["0x1f", FIELD.text],
    ["-", FIELD.text],
    [".", FIELD.text],
    ["TRUE", FIELD.boolean],
    ["t", FIELD.text],
    ["2024-02-29", FIELD.date],
    ["2023-02-29", FIELD.text],
    ["2024-2-9", FIELD.text],
    ["2024-02-29 10:11", FIELD.timestamp],
    ["2024-02-29T10:11:12.123456", FIELD.timestamp],
    ["2024-02-29T10:11:12Z", FIELD.timestamp | FIELD.zoned],
    ["2024-02-29 10:11:12+02:00", FIELD.timestamp | FIELD.zoned],
    ["2024-02-29 10:11:12-0330", FIELD.timestamp | FIELD.zoned],
    ["2024-02-29 24:00:00", FIELD.text],
    ["2024-02-29 10:11:12+99:00", FIELD.text],
    ["2024", FIELD.integer],
    ["Yes", FIELD.text],
  ])("reads '%s'", (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });
});

describe("inferType", () => {
  const typeOf = (...texts: string[]) => inferType(texts.reduce((seen, text) => seen | kindOf(text), 0));

  it.each([
    [["1", "2", ""], "integer"],
    [["1", "2.5", "NA"], "double"],
    [["true", "False"], "boolean"],
    [["true", "1"], "string"],
    [["2024-01-01"], "date"],
    [["2024-01-01", "2024-01-01T00:00Z"], "timestamp"],
    [["007", "123"], "string"],
    [["12345678901234567890", "1"], "string"],
    [["", " "], "string"],
    [["NA"], "string"],
    [["1", "x"], "string"],
  ])("infers %j", (texts, type) => {
    expect(typeOf(...texts)).toBe(type);
  });
});
