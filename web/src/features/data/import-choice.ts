import { commandLine } from "../../lib/command-line.ts";
import type { Scope } from "../../lib/scope.ts";

/** What the import form holds. */
export type ImportChoice = {
  dataset: string;
  key: string;
  onBadRow: "refuse" | "quarantine";
  append: boolean;
};

/** A dataset's name from a file's: `Telco Churn 2024.csv` gives `telco-churn-2024`. */
export function datasetNameOf(file: string): string {
  return (
    file
      .replace(/\.[^.]+$/, "")
      .normalize("NFKD")
      // Vietnamese marks leave their letters; đ is a letter of its own.
      .replace(/\p{M}/gu, "")
      .replace(/[đĐ]/g, "d")
      .toLowerCase()
      .replace(/[^a-z0-9._]+/g, "-")
      .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "")
      .slice(0, 63)
  );
}

/** The same import as a command. */
export function commandOf(
  scope: Scope,
  { dataset, key, onBadRow, append }: ImportChoice,
  file: string,
): string {
  const verb = [
    "data import",
    dataset === "" ? datasetNameOf(file) : dataset,
    /[^\w./-]/.test(file) ? `'${file.replaceAll("'", "'\\''")}'` : file,
    key === "" ? "" : `--key ${key}`,
    onBadRow === "quarantine" ? "--on-bad-row=quarantine" : "",
    append ? "--append" : "",
  ]
    .filter((part) => part !== "")
    .join(" ");
  return commandLine(scope, verb);
}
