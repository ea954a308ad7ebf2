import { z } from "zod";

/** Sentences of schemas whose rule is told as data as well. */
export const NAME_SENTENCE = "use lower-case letters, digits, '.', '_' or '-', at most 63 characters";
export const DURATION_SENTENCE = 'write a number and a unit, for example "30 min" or "2 days"';
export const PERIOD_SENTENCE =
  'write a length of at least a minute, for example "1 h", "1 day", "1 week" or "1 month"';

/** What a value should have been, as data, so that a page can say it in any language. */
export const IssueRule = z.discriminatedUnion("says", [
  /** A kind of value: `number`, `string`, `boolean`, `array`, `object`. */
  z.object({ says: z.literal("type"), type: z.string() }),
  z.object({ says: z.literal("missing") }),
  z.object({ says: z.literal("one-of"), values: z.array(z.string()) }),
  /** Bounds of a number, of the characters of a text, or of the entries of a list. */
  z.object({ says: z.literal("least"), bound: z.number(), of: z.enum(["number", "text", "list"]) }),
  z.object({ says: z.literal("most"), bound: z.number(), of: z.enum(["number", "text", "list"]) }),
  z.object({ says: z.literal("name") }),
  z.object({ says: z.literal("duration") }),
  z.object({ says: z.literal("period") }),
  z.object({ says: z.literal("unknown"), fields: z.array(z.string()) }),
]);
export type IssueRule = z.infer<typeof IssueRule>;

const OWN_RULES: readonly (readonly [sentence: string, rule: IssueRule])[] = [
  [NAME_SENTENCE, { says: "name" }],
  [DURATION_SENTENCE, { says: "duration" }],
  [PERIOD_SENTENCE, { says: "period" }],
];

/** The rule that a value broke; undefined for rules that only their sentence tells. */
export function issueRule(issue: z.core.$ZodIssue): IssueRule | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.message.endsWith("received undefined")
        ? { says: "missing" }
        : { says: "type", type: issue.expected };
    case "invalid_value":
      return { says: "one-of", values: issue.values.map(String) };
    case "too_small":
      return bound("least", issue.minimum, issue.origin);
    case "too_big":
      return bound("most", issue.maximum, issue.origin);
    case "unrecognized_keys":
      return { says: "unknown", fields: issue.keys };
    case "invalid_union":
      return issue.errors
        .flat()
        .map(issueRule)
        .find((rule) => OWN_RULES.some(([, own]) => own.says === rule?.says));
    case "invalid_format":
    case "custom":
      return OWN_RULES.find(([sentence]) => sentence === issue.message)?.[1];
    default:
      return undefined;
  }
}

function bound(says: "least" | "most", limit: number | bigint, origin: string): IssueRule | undefined {
  const of =
    origin === "string"
      ? "text"
      : origin === "array"
        ? "list"
        : origin === "number" || origin === "int"
          ? "number"
          : undefined;
  return of === undefined ? undefined : { says, bound: Number(limit), of };
}
