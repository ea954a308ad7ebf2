import { describe, expect, it } from "vitest";
import { type CsvFlaw, createCsvRecord, fieldText, parseCsvRecord } from "./csv-record.ts";

interface Read {
  fields: string[];
  lines: number;
  flaw: CsvFlaw | undefined;
}

function readAll(text: string, delimiter = ","): Read[] {
  const bytes = Buffer.from(text);
  const record = createCsvRecord();
  const read: Read[] = [];
  const input = { bytes, filled: bytes.length, last: true, delimiter: delimiter.charCodeAt(0) };
  for (let at = 0; at < bytes.length; ) {
    at = parseCsvRecord(input, at, record);
    const fields = Array.from({ length: record.fields }, (_, index) => fieldText(bytes, record, index));
    read.push({ fields, lines: record.lines, flaw: record.flaw });
  }
  return read;
}

describe("parseCsvRecord", () => {
  it.each([
    [
      "plain fields",
      "a,b\n1,2\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "no line end at the end",
      "a,b\n1,2",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "CR LF and CR",
      "a,b\r\n1,2\r3,4\n",
      [
        ["a", "b"],
        ["1", "2"],
        ["3", "4"],
      ],
    ],
    [
      "empty fields",
      ",\n,,\n",
      [
        ["", ""],
        ["", "", ""],
      ],
    ],
    ["quoted delimiters", '"a,b",c\n', [["a,b", "c"]]],
    ["doubled quotes", '"say ""hi""",""\n', [['say "hi"', ""]]],
    ["nothing but doubled quotes", '"""",""""""\n', [['"', '""']]],
    ["text of several bytes", "é,漢字,🙂\n", [["é", "漢字", "🙂"]]],
    ["an empty line", "a\n\nb\n", [["a"], [""], ["b"]]],
  ])("reads %s", (_name, text, rows) => {
    expect(readAll(text).map(({ fields }) => fields)).toEqual(rows);
  });

  it("counts the lines of a record, whatever ends them", () => {
    expect(readAll('"a\nb\r\nc\rd",1\n2,3\n').map(({ lines }) => lines)).toEqual([4, 1]);
  });

  it.each([
    ['5" disk,1\n', "stray"],
    ['"a"b,1\n', "trailing"],
    ['"a,1\n', "unclosed"],
    ['"a" ,1\n', "trailing"],
    ['"a",1\n', undefined],
  ])("tells what is odd about %j", (text, flaw) => {
    expect(readAll(text)[0]?.flaw).toBe(flaw);
  });

  it("never takes a part of a record for the whole, wherever the bytes are cut", () => {
    const text = 'a,"b ""c"" \r\n d",\r\n"",é\r"x"\r\n\n"last",1\n';
    const bytes = Buffer.from(text);
    const whole = createCsvRecord();
    const cut = createCsvRecord();
    const delimiter = ",".charCodeAt(0);
    for (let from = 0; from < bytes.length; ) {
      const next = parseCsvRecord({ bytes, filled: bytes.length, last: true, delimiter }, from, whole);
      for (let filled = from; filled <= bytes.length; filled++) {
        const found = parseCsvRecord({ bytes, filled, last: false, delimiter }, from, cut);
        if (found < 0) {
          // Only a carriage return must be followed by a byte, to see whether a line feed belongs to it.
          expect(filled).toBeLessThanOrEqual(bytes[next - 1] === 13 ? next : next - 1);
          continue;
        }
        expect([found, cut.fields, cut.lines, cut.flaw]).toEqual([
          next,
          whole.fields,
          whole.lines,
          whole.flaw,
        ]);
      }
      from = next;
    }
  });
});
