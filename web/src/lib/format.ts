import type { Language, NumberStyle } from "./preferences.ts";

/** A metric may be NaN or infinite, which JSON carries as a string. */
export type Real = number | "NaN" | "Infinity" | "-Infinity";

/** How one reader sees numbers, times and sizes. */
export type Format = ReturnType<typeof createFormat>;

const MINUS = "−";
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const DURATION_WORDS = {
  en: { day: "d", hour: "h", minute: "min", second: "s" },
  vi: { day: "ngày", hour: "giờ", minute: "phút", second: "giây" },
} as const satisfies Record<Language, Record<string, string>>;

/** Units of written lengths of time in Vietnamese, which has no plural. */
const SPAN_WORDS: Readonly<Record<string, string>> = {
  ms: "ms",
  s: "giây",
  min: "phút",
  h: "giờ",
  hour: "giờ",
  hours: "giờ",
  d: "ngày",
  day: "ngày",
  days: "ngày",
  week: "tuần",
  weeks: "tuần",
  month: "tháng",
  months: "tháng",
};

const RANGE_WORD = { en: "to", vi: "đến" } as const satisfies Record<Language, string>;

/** The formats of one language; `timeZone` is an IANA name, the reader's own when absent. */
export function createFormat({
  language,
  numbers = "language",
  timeZone,
}: {
  language: Language;
  numbers?: NumberStyle;
  timeZone?: string | undefined;
}) {
  const vietnameseNumbers = language === "vi" && numbers === "language";
  const locale = vietnameseNumbers ? "vi-VN" : "en-US";
  const zone = timeZone === undefined ? {} : { timeZone };

  const digits = memo(
    (places: number) =>
      new Intl.NumberFormat(locale, { minimumFractionDigits: places, maximumFractionDigits: places }),
  );
  const upTo = memo((places: number) => new Intl.NumberFormat(locale, { maximumFractionDigits: places }));
  const significant = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", ...zone });
  const exactClock = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    ...zone,
  });
  const dayParts = new Intl.DateTimeFormat("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    ...zone,
  });
  const dayNumbers = new Intl.DateTimeFormat("en-GB", {
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    ...zone,
  });
  const weekday = new Intl.DateTimeFormat("vi-VN", { weekday: "long", ...zone });
  const zoneName = new Intl.DateTimeFormat("en-GB", { timeZoneName: "shortOffset", ...zone });

  const real = (value: Real, write: (finite: number) => string): string => {
    const number = toNumber(value);
    if (Number.isNaN(number)) return "NaN";
    if (!Number.isFinite(number)) return number > 0 ? "∞" : `${MINUS}∞`;
    return write(number).replace("-", MINUS);
  };

  const count = (value: number) => real(value, (finite) => upTo(0).format(finite));
  const metric = (value: Real, places = 3) => real(value, (finite) => digits(places).format(finite));
  /** A number of unknown size: four significant digits, the exponent form where it is tiny or huge. */
  const plain = (value: Real) =>
    real(value, (finite) => {
      const size = Math.abs(finite);
      if (Number.isInteger(finite) && size < 1e15) return upTo(0).format(finite);
      if (size < 1e-4 || size >= 1e15) return finite.toExponential(2);
      return size >= 1000 ? upTo(1).format(finite) : significant.format(finite);
    });
  const percent = (ratio: number, places = 1) =>
    real(ratio, (finite) => `${digits(places).format(finite * 100)}${vietnameseNumbers ? "" : " "}%`);
  const signed = (value: Real, places = 3) => {
    const text = metric(value, places);
    return toNumber(value) > 0 ? `+${text}` : text;
  };
  const interval = (low: Real, high: Real, places = 3) =>
    `${metric(low, places)} ${RANGE_WORD[language]} ${metric(high, places)}`;

  const duration = (ms: number): string => {
    const words = DURATION_WORDS[language];
    if (ms < MINUTE) {
      if (ms > 0 && ms < 50) return `${upTo(0).format(ms)} ms`;
      return `${digits(ms % SECOND === 0 ? 0 : 1).format(ms / SECOND)} ${words.second}`;
    }
    const minutes = Math.floor(ms / MINUTE);
    if (ms < HOUR) return pair([minutes, words.minute], [Math.round((ms % MINUTE) / SECOND), words.second]);
    if (ms < DAY)
      return pair([Math.floor(ms / HOUR), words.hour], [Math.floor((ms % HOUR) / MINUTE), words.minute]);
    return pair([Math.floor(ms / DAY), words.day], [Math.floor((ms % DAY) / HOUR), words.hour]);
  };

  /** A length of time that somebody wrote, "3 days" or "1 month", in the reader's words. */
  const span = (text: string): string => {
    const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)\s?([a-z]+)$/.exec(text) ?? [];
    const word = SPAN_WORDS[unit];
    if (language === "en" || amount === undefined || word === undefined) return text;
    return `${plain(Number(amount))} ${word}`;
  };

  /** How long ago something was, in its largest unit. */
  const age = (ms: number): string => {
    const words = DURATION_WORDS[language];
    if (ms < HOUR) return `${Math.floor(ms / MINUTE)} ${words.minute}`;
    if (ms < DAY) return `${Math.floor(ms / HOUR)} ${words.hour}`;
    return `${Math.floor(ms / DAY)} ${words.day}`;
  };

  const bytes = (size: number): string => {
    const units = ["B", "kB", "MB", "GB", "TB", "PB"];
    const step = size < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(size) / 3));
    const scaled = size / 1000 ** step;
    return `${step === 0 || scaled >= 100 ? upTo(0).format(scaled) : digits(1).format(scaled)} ${units[step]}`;
  };
  const memory = (size: number): string => {
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    const step = size < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(size) / 10));
    const scaled = size / 1024 ** step;
    return `${step === 0 || scaled >= 100 ? upTo(0).format(scaled) : upTo(2).format(scaled)} ${units[step]}`;
  };

  const parts = (at: Date) =>
    Object.fromEntries(dayParts.formatToParts(at).map(({ type, value }) => [type, value]));
  /** "3 Aug 2017"; the year is left out where it is this one. */
  const day = (at: Date, now?: Date): string => {
    if (language === "vi") {
      const full = dayNumbers.format(at);
      return now !== undefined && sameYear(at, now) ? full.slice(0, 5) : full;
    }
    const part = parts(at);
    const short = `${part["day"]} ${part["month"]}`;
    return now !== undefined && sameYear(at, now) ? short : `${short} ${part["year"]}`;
  };
  /** "Thu 3 Aug 2017, 09:42". */
  const fullDay = (at: Date): string => {
    if (language === "vi") return `${capital(weekday.format(at))} ${dayNumbers.format(at)}`;
    const part = parts(at);
    return `${part["weekday"]} ${part["day"]} ${part["month"]} ${part["year"]}`;
  };
  const time = (at: Date) => clock.format(at);
  const exactTime = (at: Date) => exactClock.format(at);
  const dateTime = (at: Date, now?: Date) => `${day(at, now)}${language === "vi" ? "," : ""} ${time(at)}`;
  /** "UTC+7"; nothing after it where the zone is UTC itself. */
  const zoneOf = (at: Date) =>
    (zoneName.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "UTC")
      .replace("GMT", "UTC")
      .replace(/\+0$/, "");
  /** Everything about a moment, for hovering: day, second and zone. */
  const exact = (at: Date) => `${fullDay(at)}, ${exactTime(at)} ${zoneOf(at)}`;
  const dayKey = (at: Date) => dayNumbers.format(at);

  return {
    language,
    count,
    metric,
    plain,
    percent,
    signed,
    interval,
    duration,
    span,
    age,
    bytes,
    memory,
    day,
    fullDay,
    time,
    exactTime,
    dateTime,
    exact,
    dayKey,
  };
}

/** The number that JSON carried as text where it is not finite. */
export function toNumber(value: Real): number {
  return typeof value === "number" ? value : Number(value);
}

/** Decimals of a column of metrics: none where all are whole, else three, so that they line up. */
export function decimalsOf(values: readonly (Real | undefined)[]): number {
  return values.every((value) => value === undefined || Number.isInteger(toNumber(value))) ? 0 : 3;
}

/** Decimals that tell the ticks of an axis apart, from the length that the axis spans. */
export function tickDecimals(span: number): number {
  return span > 0 && Number.isFinite(span) ? Math.max(0, Math.min(8, -Math.floor(Math.log10(span / 5)))) : 3;
}

/** A digest as people say it: its first six digits. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 6);
}

/** A long id with its middle left out. */
export function middle(id: string, ends = 6): string {
  return id.length <= 2 * ends + 1 ? id : `${id.slice(0, ends)}…${id.slice(-ends)}`;
}

/** A span under 24 h is told relative to now; beyond that the date says more. */
export const RELATIVE_LIMIT_MS = DAY;

function pair(first: readonly [number, string], second: readonly [number, string]): string {
  const head = `${first[0]} ${first[1]}`;
  return second[0] === 0 ? head : `${head} ${second[0]} ${second[1]}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sameYear(a: Date, b: Date): boolean {
  return a.getUTCFullYear() === b.getUTCFullYear();
}

function memo<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}
