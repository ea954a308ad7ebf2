import i18next from "i18next";
import ICU from "i18next-icu";
import { Fragment, type ReactNode, useMemo } from "react";
import { I18nextProvider, initReactI18next, useTranslation } from "react-i18next";
import { createFormat, type Format } from "./format.ts";
import type { Messages } from "./locales/en/index.ts";
import { type Language, type NumberStyle, preferences, subscribe, usePreferences } from "./preferences.ts";

type Paths<Tree> = {
  [Key in keyof Tree & string]: Tree[Key] extends string ? Key : `${Key}.${Paths<Tree[Key]>}`;
}[keyof Tree & string];

/** The key of one message, the same in every language. */
export type MessageKey = Paths<Messages>;

/** What a message is filled with. Numbers choose plurals and are written as the reader writes numbers. */
export type Values = Record<string, string | number>;

/** Looks a message up and fills it. */
export type Translate = (key: MessageKey, values?: Values) => string;

const load = {
  en: async () => (await import("./locales/en/index.ts")).en,
  vi: async () => (await import("./locales/vi/index.ts")).vi,
} as const satisfies Record<Language, () => Promise<Messages>>;

/** Vietnamese has one plural form, so its messages read the same when numbers are written as in English. */
function numberLocale(language: string, numbers: NumberStyle): string {
  return language === "vi" && numbers === "english" ? "en" : language;
}

/** Loads the chosen language; later choices load theirs. */
export async function startWords(): Promise<void> {
  const icu = new ICU({ parseLngForICU: (language) => numberLocale(language, preferences().numbers) });
  const { language } = preferences();
  await i18next
    .use(icu)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: false,
      resources: { [language]: { translation: await load[language]() } },
      interpolation: { escapeValue: false },
      returnNull: false,
    });
  document.documentElement.lang = language;
  let seen = preferences();
  subscribe(() => {
    const next = preferences();
    if (next.numbers !== seen.numbers) icu.clearCache();
    if (next.language !== seen.language || next.numbers !== seen.numbers) void follow(next.language);
    seen = next;
  });
}

async function follow(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, "translation")) {
    i18next.addResourceBundle(language, "translation", await load[language]());
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** Gives the pages their words. */
export function WordsProvider({ children }: { children: ReactNode }) {
  return <I18nextProvider i18n={i18next}>{children}</I18nextProvider>;
}

/** The words and formats of the reader. */
export function useWords(): { t: Translate; format: Format; language: Language } {
  const { t: lookUp } = useTranslation();
  const { language, numbers } = usePreferences();
  const format = useMemo(() => createFormat({ language, numbers }), [language, numbers]);
  const t: Translate = useMemo(() => (key, values) => lookUp(key, values ?? {}), [lookUp]);
  return { t, format, language };
}

const OPEN = "\u0002";
const CLOSE = "\u0003";

/** A message whose places are filled with elements: links, emphasis, ids. */
export function Sentence({
  of,
  values = {},
  parts,
}: {
  of: MessageKey;
  values?: Values;
  parts: Record<string, ReactNode>;
}) {
  const { t } = useWords();
  const marks = Object.fromEntries(Object.keys(parts).map((name) => [name, `${OPEN}${name}${CLOSE}`]));
  const pieces = t(of, { ...values, ...marks }).split(new RegExp(`${OPEN}([^${CLOSE}]+)${CLOSE}`, "u"));
  // A split with one group alternates text and names.
  return pieces.map((piece, position) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity of a piece
    <Fragment key={position}>{position % 2 === 0 ? piece : parts[piece]}</Fragment>
  ));
}
