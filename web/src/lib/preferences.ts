import { useSyncExternalStore } from "react";

export const LANGUAGES = ["en", "vi"] as const;
export type Language = (typeof LANGUAGES)[number];

export const DENSITIES = ["comfortable", "standard", "compact"] as const;
export type Density = (typeof DENSITIES)[number];

/** How numbers are written: as the language does, or always as in English. */
export const NUMBER_STYLES = ["language", "english"] as const;
export type NumberStyle = (typeof NUMBER_STYLES)[number];

/** What one person chose in this browser. The theme is kept by Mantine. */
export type Preferences = { language: Language; density: Density; numbers: NumberStyle };

const KEY = "causeway.preferences";

/** Where choices are kept: `localStorage`, or anything with the same two methods. */
export type PreferenceStorage = Pick<Storage, "getItem" | "setItem">;

/** Reads the stored choices; what is missing or unknown falls back to the browser's languages and to the defaults. */
export function readPreferences(
  storage: PreferenceStorage,
  browserLanguages: readonly string[],
): Preferences {
  const stored = parse(storage.getItem(KEY));
  const fromBrowser = browserLanguages.map((tag) => tag.slice(0, 2).toLowerCase());
  return {
    language:
      oneOf(LANGUAGES, stored["language"]) ??
      fromBrowser.map((tag) => oneOf(LANGUAGES, tag)).find((tag) => tag !== undefined) ??
      "en",
    density: oneOf(DENSITIES, stored["density"]) ?? "standard",
    numbers: oneOf(NUMBER_STYLES, stored["numbers"]) ?? "language",
  };
}

let current = readPreferences(browserStorage(), globalThis.navigator?.languages ?? []);
const listeners = new Set<() => void>();

/** The choices now. */
export function preferences(): Preferences {
  return current;
}

/** Keeps a choice in this browser and tells every reader. */
export function choose(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  browserStorage().setItem(KEY, JSON.stringify(current));
  for (const listener of listeners) listener();
}

/** The choices, followed. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences);
}

/** Calls back after every change, until the returned function is called. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function browserStorage(): PreferenceStorage {
  return globalThis.localStorage ?? { getItem: () => null, setItem: () => undefined };
}

function parse(text: string | null): Record<string, unknown> {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function oneOf<const Choice extends string>(choices: readonly Choice[], value: unknown): Choice | undefined {
  return choices.find((choice) => choice === value);
}
