import {
  CausewayError,
  ERROR_CODES,
  type Failure,
  fail,
  type Issue,
  type IssueRule,
} from "@causeway/contract";
import type { Format } from "../lib/format.ts";
import { errorOf, fieldName, fieldRule } from "../lib/locales/en/errors.ts";
import type { Translate } from "../lib/words.tsx";

type Words = { t: Translate; format: Format };

/** What an error says to one reader. */
export type ErrorWords = {
  readonly title: string;
  /** The server's own sentence and its way out, where the title is not that sentence. */
  readonly server: string | null;
  readonly help: string | null;
};

/** An error in the reader's language: by its code, field and value; the server's sentence stays beside it as it came. */
export function errorWords(error: Error, words: Words): ErrorWords {
  const known = error instanceof CausewayError ? error : undefined;
  const help = known?.help ?? null;
  if (known === undefined || words.format.language === "en")
    return { title: error.message, server: null, help };
  return { title: titleOf(known, words), server: error.message, help };
}

/** What the platform kept of something that failed, as the error that it was. */
export function keptError({
  code,
  message,
  help,
}: {
  code: string;
  message: string;
  help: string | null;
}): Error {
  const known = ERROR_CODES.find((one) => one === code);
  return known === undefined
    ? new Error(message)
    : fail(known, help === null ? { message } : { message, help });
}

/** The same of a failure with its code, or of the sentence alone where none was kept. */
export function failureError(failure: Failure | null, problem: string): Error {
  return failure === null
    ? new Error(problem)
    : keptError({ code: failure.code, message: failure.detail, help: failure.help });
}

/** A problem that begins with its code, as gateways tell it: "BAD_MODEL: the file …". */
export function codedError(problem: string): Error {
  const [, code = "", message = ""] = /^([A-Z_]+): (.*)$/s.exec(problem) ?? [];
  return code === "" ? new Error(problem) : keptError({ code, message, help: null });
}

/** The sentence that stands at a field of a form. */
export function errorTitle(error: Error, words: Words): string {
  return errorWords(error, words).title;
}

/** What one of several values should have been. */
export function issueText({ expected, got, rule }: Issue, words: Words): string {
  const { t } = words;
  const wanted = rule === undefined ? expected : ruleText(rule, words);
  return got === "nothing"
    ? t("fieldRule.gotNothing", { expected: wanted })
    : t("fieldRule.got", { expected: wanted, got });
}

/** A rule of a field as the end of "expected …". */
export function ruleText(rule: IssueRule, { t, format }: Words): string {
  switch (rule.says) {
    case "missing":
    case "name":
    case "duration":
    case "period":
      return t(`fieldRule.${rule.says}`);
    case "type": {
      const { type } = rule;
      return isNamed(type, fieldRule.type)
        ? t(`fieldRule.type.${type}`, { type })
        : t("fieldRule.type.other", { type });
    }
    case "one-of":
      return t("fieldRule.oneOf", { values: rule.values.join(", ") });
    case "least":
    case "most":
      return t(`fieldRule.${rule.says}.${rule.of}`, { bound: format.plain(rule.bound) });
    case "unknown":
      return t("fieldRule.unknown", { fields: rule.fields.join(", ") });
    default:
      return rule satisfies never;
  }
}

/** Longest value that a title repeats, in characters. */
const LONGEST = 60;

function titleOf({ code, field, value, issues }: CausewayError, { t }: Words): string {
  const shown = typeof value === "string" || typeof value === "number" ? String(value) : "";
  const isOne = issues === undefined || issues.length <= 1;
  if (!isOne || field === undefined || shown === "" || shown.length > LONGEST || !isNamed(code, errorOf))
    return t(`errorCode.${code}`);
  return t(`errorOf.${code}`, {
    field: isNamed(field, fieldName) ? t(`fieldName.${field}`) : field,
    value: shown,
  });
}

function isNamed<Name extends string>(name: string, names: Readonly<Record<Name, unknown>>): name is Name {
  return Object.hasOwn(names, name);
}
