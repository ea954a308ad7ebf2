import { badPipeline } from "./bad-pipeline.ts";

const UNITS = {
  bytes: {
    B: 1,
    KiB: 2 ** 10,
    MiB: 2 ** 20,
    GiB: 2 ** 30,
    TiB: 2 ** 40,
    kB: 1e3,
    MB: 1e6,
    GB: 1e9,
    TB: 1e12,
  },
  milliseconds: { ms: 1, s: 1e3, min: 60e3, h: 3600e3, d: 86_400e3 },
} as const;

/** A size as people write it: "2 GiB", "500 MB". */
export type Size = `${number} ${keyof typeof UNITS.bytes}` | `${number}${keyof typeof UNITS.bytes}`;

/** A length of time as people write it: "30 min", "2 h". */
export type Duration =
  | `${number} ${keyof typeof UNITS.milliseconds}`
  | `${number}${keyof typeof UNITS.milliseconds}`;

/** Reads a size into bytes; `where` names it in the refusal. */
export function parseSize(text: string, where: string): number {
  return parse(text, { units: UNITS.bytes, where, example: "2 GiB" });
}

/** Reads a length of time into milliseconds; `where` names it in the refusal. */
export function parseDuration(text: string, where: string): number {
  return parse(text, { units: UNITS.milliseconds, where, example: "30 min" });
}

type Reading = {
  readonly units: Readonly<Record<string, number>>;
  readonly where: string;
  readonly example: string;
};

function parse(text: string, { units, where, example }: Reading): number {
  const match = /^(\d+(?:\.\d+)?)\s?([A-Za-z]+)$/.exec(text);
  const unit = units[match?.[2] ?? ""];
  const value = Math.round(Number(match?.[1]) * (unit ?? Number.NaN));
  if (!Number.isSafeInteger(value) || value <= 0) {
    throw badPipeline({
      message: `${where} is "${text}"; write a number and a unit, for example "${example}"`,
      field: where,
      value: text,
      help: `Units are ${Object.keys(units).join(", ")}.`,
    });
  }
  return value;
}
