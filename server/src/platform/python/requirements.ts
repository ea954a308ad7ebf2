import { createHash } from "node:crypto";
import { parse } from "yaml";

/** What a folder says of the packages that it needs; null where it has no such file. */
export type RequirementFiles = {
  /** `requirements.txt`. */
  readonly requirements: string | null;
  /** `conda.yaml`. */
  readonly conda: string | null;
  /** `python_env.yaml`. */
  readonly pythonEnv: string | null;
};

/** Packages as pip reads them, and the version of Python that they were chosen for. */
export type Requirements = { readonly lines: readonly string[]; readonly python: string | null };

/** Reads what a folder needs: `requirements.txt` where there is one, else what conda's record says in pip's words. */
export function readRequirements({ requirements, conda, pythonEnv }: RequirementFiles): Requirements {
  const environment = conda === null ? { lines: [], python: null } : readConda(conda);
  const python = (pythonEnv === null ? null : pythonIn(pythonEnv)) ?? environment.python;
  return { lines: requirements === null ? environment.lines : linesOf(requirements), python };
}

/** Names an environment: the same packages in any order and the same minor version of Python are one. */
export function environmentDigest({ lines, python }: Requirements, salt = ""): string {
  const text = JSON.stringify([[...lines].sort(), python === null ? null : minorOf(python), salt]);
  return createHash("sha256").update(text).digest("hex");
}

/** `3.11` of `3.11.7`. */
export function minorOf(python: string): string {
  return python.split(".").slice(0, 2).join(".");
}

/** The name of the package that a line asks for, as registries compare names; null for options and paths. */
export function packageOf(line: string): string | null {
  const [, name] = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:[[<>=!~;@ ]|$)/.exec(line) ?? [];
  return name === undefined ? null : name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}

/** True where a line means a file beside it, so that its text alone does not say what is installed. */
export function isRelative(line: string): boolean {
  return (
    /^(-[er]\s|--requirement|--editable|\.|file:)/.test(line) || (/\.whl$/.test(line) && !/:\/\//.test(line))
  );
}

function linesOf(text: string): string[] {
  return text
    .replaceAll(/\\\r?\n/g, " ")
    .split(/\r?\n/)
    .map((line) =>
      line
        .replace(/(^|\s)#.*$/, "")
        .replaceAll(/\s+/g, " ")
        .trim(),
    )
    .filter((line) => line !== "");
}

function readConda(text: string): Requirements {
  const document: unknown = parse(text, { maxAliasCount: 0 });
  const listed = memberOf(document, "dependencies");
  const lines: string[] = [];
  let python: string | null = null;
  for (const entry of Array.isArray(listed) ? listed : []) {
    const pip = memberOf(entry, "pip");
    if (Array.isArray(pip)) lines.push(...linesOf(pip.map(String).join("\n")));
    if (typeof entry !== "string") continue;
    const [, name = "", , version = ""] =
      /^(?:.*::)?([A-Za-z0-9._-]+)\s*(==?|$)?\s*([^=\s]*)/.exec(entry) ?? [];
    if (name === "python") python = version === "" ? null : version;
    // Conda's `name=version` is pip's `name==version`; what only conda has, pip will say.
    else if (name !== "pip") lines.push(version === "" ? name : `${name}==${version}`);
  }
  return { lines, python };
}

function pythonIn(text: string): string | null {
  const python = memberOf(parse(text, { maxAliasCount: 0 }), "python");
  return typeof python === "string" || typeof python === "number" ? String(python) : null;
}

function memberOf(value: unknown, name: string): unknown {
  // An object that is no list, by the condition.
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
