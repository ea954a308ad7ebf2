import type { Translate } from "../lib/words.tsx";

/** The reasons that the server gives word for word. */
const FIXED = {
  "same data, code, params": "same",
  "a fresh run was asked for": "fresh",
  "its results are not cached": "uncached",
  "its earlier result is not kept": "lost",
  "first run": "first",
  "code changed": "code",
  "lock changed": "lock",
  "outputs changed": "outputs",
} as const;

/**
 * Why a step ran or did not, in the reader's language. The server tells it in a closed grammar of short reasons; where a value
 * of a param does not let it be read, it stays as it came.
 */
export function stepWhy(why: string | null, t: Translate): string {
  if (why === null) return "";
  const said = why.split("; ").map((reason) => reasonText(reason, t));
  return said.every((text) => text !== undefined) ? said.join("; ") : why;
}

function reasonText(reason: string, t: Translate): string | undefined {
  if (isFixed(reason)) return t(`stepWhy.${FIXED[reason]}`);
  const value = (text = "") => (text === "nothing" ? t("stepWhy.nothing") : text);
  const param = /^param (\S+) (.*) → (.*)$/.exec(reason);
  if (param !== null)
    return t("stepWhy.param", { name: param[1] ?? "", before: value(param[2]), now: value(param[3]) });
  const input = /^input (\S+) changed: (\S+) → (\S+)$/.exec(reason);
  if (input !== null)
    return t("stepWhy.input", { name: input[1] ?? "", before: value(input[2]), now: value(input[3]) });
  const more = /^(\d+) more$/.exec(reason);
  return more === null ? undefined : t("stepWhy.more", { count: Number(more[1]) });
}

function isFixed(reason: string): reason is keyof typeof FIXED {
  return Object.hasOwn(FIXED, reason);
}
