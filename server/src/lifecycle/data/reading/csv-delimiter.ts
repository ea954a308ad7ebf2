import { fail } from "@causeway/contract";
import { createCsvRecord, parseCsvRecord } from "./csv-record.ts";

/** Delimiters that are tried, the likeliest first: on a tie the earlier wins. */
const CANDIDATES = [",", "\t", ";", "|"] as const;

/** Other signs that people separate columns with; never chosen, only named. */
const UNUSUAL = ["^", "~", ":", "#"] as const;

const NAMES: Record<string, string> = {
  ",": "a comma",
  "\t": "a tab",
  ";": "a semicolon",
  "|": "a vertical bar",
  "^": "a caret",
  "~": "a tilde",
  ":": "a colon",
  "#": "a number sign",
};

/** Records of the sample that are looked at. */
const SAMPLE_RECORDS = 200;

/** The beginning of a file; `whole` when the file ends with it. */
export interface CsvSample {
  bytes: Uint8Array;
  whole: boolean;
}

interface Counts {
  header: number;
  /** Share of the records after the header that have as many fields as it. */
  agreeing: number;
}

function countFields(sample: CsvSample, delimiter: string): Counts {
  const record = createCsvRecord();
  const input = {
    bytes: sample.bytes,
    filled: sample.bytes.length,
    last: sample.whole,
    delimiter: delimiter.charCodeAt(0),
  };
  let header = 0;
  let records = 0;
  let agreeing = 0;
  for (let at = 0, read = 0; at < input.filled && read <= SAMPLE_RECORDS; read++) {
    const next = parseCsvRecord(input, at, record);
    if (next < 0) break;
    const empty = record.fields === 1 && record.starts[0] === record.ends[0];
    at = next;
    if (empty) continue;
    if (header === 0) {
      header = record.fields;
      continue;
    }
    records++;
    if (record.fields === header) agreeing++;
  }
  return { header, agreeing: records === 0 ? 1 : agreeing / records };
}

/**
 * The delimiter of a CSV file: the given one, or the one under which most records have as many fields as the header.
 * Refuses one that leaves a single column while another divides it.
 */
export function decideDelimiter(sample: CsvSample, given: string | undefined): string {
  const counted = CANDIDATES.map((delimiter) => ({ delimiter, ...countFields(sample, delimiter) }));
  const divides = counted.filter(({ header, agreeing }) => header > 1 && agreeing >= 0.5);
  divides.sort((a, b) => b.agreeing - a.agreeing || b.header - a.header);
  const best = divides[0];
  if (given !== undefined) {
    const { header } = countFields(sample, given);
    const other = best ?? counted.find((candidate) => candidate.header > 1);
    if (header === 1 && other !== undefined && other.delimiter !== given)
      throw wrongDelimiter(given, other.delimiter);
    return given;
  }
  if (best !== undefined) return best.delimiter;
  const unusual = UNUSUAL.find((delimiter) => {
    const { header, agreeing } = countFields(sample, delimiter);
    return header > 1 && agreeing >= 0.9;
  });
  if (unusual !== undefined) throw wrongDelimiter(",", unusual);
  // Nothing agrees with the header: the rows are ragged, or there is one column. The reader of the rows tells which.
  const ragged = counted.filter(({ header }) => header > 1).sort((a, b) => b.header - a.header)[0];
  return ragged?.delimiter ?? ",";
}

function wrongDelimiter(used: string, better: string) {
  return fail("BAD_DATA", {
    message: `Divided by ${NAMES[used] ?? `'${used}'`} the file has one column, which contains ${NAMES[better]} again and again`,
    field: "delimiter",
    value: used,
    help: `Import with --delimiter='${better === "\t" ? "\\t" : better}'`,
  });
}
