import type { MonitorSettings } from "@causeway/contract";
import type { z } from "zod";

/** What is typed into the form, as text. */
type MonitorChoice = typeof EMPTY_CHOICE;

/** The form as it opens: the defaults, said as values. */
export const EMPTY_CHOICE = {
  name: "",
  deployment: "",
  window: "1 day",
  lateness: "0 s",
  within: "30 days",
  drop: "0.02",
  notify: "",
};

/** The settings that a filled form asks for; what was left as it is stays the server's default. */
export function settingsOf(choice: MonitorChoice): z.input<typeof MonitorSettings> {
  const drop = Number(choice.drop.replace(",", "."));
  const channels = listOf(choice.notify);
  const rows = rowsOf(choice.window);
  return {
    window: rows === undefined ? choice.window.trim() : { rows },
    ...(choice.lateness.trim() === EMPTY_CHOICE.lateness ? {} : { lateness: choice.lateness.trim() }),
    ...(choice.within.trim() === EMPTY_CHOICE.within ? {} : { truth: { within: choice.within.trim() } }),
    ...(choice.drop === EMPTY_CHOICE.drop || !Number.isFinite(drop) ? {} : { performance: { drop } }),
    ...(channels.length === 0 ? {} : { notify: channels }),
  };
}

/** The same as a command of the CLI. */
export function monitorCommand(choice: MonitorChoice): string {
  const flag = (name: string, value: string, normal: string) =>
    value.trim() === normal || value.trim() === "" ? "" : ` --${name} ${quoted(value.trim())}`;
  const deployment = choice.deployment === "" ? "churn" : choice.deployment;
  const rows = rowsOf(choice.window);
  return [
    `monitoring create ${deployment}`,
    flag("name", choice.name, deployment),
    flag("window", rows === undefined ? choice.window : `${rows} rows`, EMPTY_CHOICE.window),
    flag("lateness", choice.lateness, EMPTY_CHOICE.lateness),
    flag("truth-within", choice.within, EMPTY_CHOICE.within),
    flag("drop", choice.drop.replace(",", "."), EMPTY_CHOICE.drop),
    ...listOf(choice.notify).map((channel) => ` --notify ${quoted(channel)}`),
  ].join("");
}

/** "5000 rows", or a bare number, cuts windows by count. */
function rowsOf(window: string): number | undefined {
  const digits = /^([\d.,\s]+?)\s*(?:rows|dòng)?$/.exec(window.trim())?.[1];
  return digits === undefined ? undefined : Number(digits.replace(/\D/g, ""));
}

function listOf(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function quoted(text: string): string {
  return /\s/.test(text) ? `"${text}"` : text;
}
