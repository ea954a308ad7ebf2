import { IntlMessageFormat } from "intl-messageformat";
import { createFormat } from "../src/lib/format.ts";
import { en } from "../src/lib/locales/en/index.ts";
import { vi } from "../src/lib/locales/vi/index.ts";
import type { Translate } from "../src/lib/words.tsx";

type Tree = { readonly [key: string]: string | Tree };
const TREES: Record<"en" | "vi", Tree> = { en, vi };

/** The words and formats of a reader of one language, without a browser. */
export function reader(language: "en" | "vi") {
  const t: Translate = (key, values) => {
    const message = key
      .split(".")
      .reduce<Tree | string | undefined>(
        (tree, name) => (typeof tree === "object" ? tree[name] : undefined),
        TREES[language],
      );
    if (typeof message !== "string") throw new Error(`there is no message ${key}`);
    return String(new IntlMessageFormat(message, language).format(values));
  };
  return { t, format: createFormat({ language, timeZone: "UTC" }) };
}
