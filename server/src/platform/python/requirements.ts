import { createHash } from "node:crypto";
import { parse } from "yaml";
import {
  includeRequirements,
  type RequirementFolder,
  type RequirementLines,
} from "./included-requirements.ts";

/** Packages as pip reads them, limits on the versions of others, and the version of Python that they were chosen for. */
export type Requirements = RequirementLines & { readonly python: string | null };

/**
 * Reads what a folder needs: `requirements.txt` where there is one, else what `conda.yaml` says in pip's words; files that
 * these name are read too. The version of Python is that of `python_env.yaml`, else conda's.
 */
export async function readRequirements(folder: RequirementFolder): Promise<Requirements> {
  const conda = await folder.read(CONDA);
  const pythonEnv = await folder.read("python_env.yaml");
  const text = await folder.read(REQUIREMENTS);
  const environment = conda === null ? { lines: [], pip: "", python: null } : readConda(conda);
  const python = (pythonEnv === null ? null : pythonIn(pythonEnv)) ?? environment.python;
  if (text !== null) return { ...(await includeRequirements(text, { file: REQUIREMENTS, folder })), python };
  const { lines, constraints } = await includeRequirements(environment.pip, { file: CONDA, folder });
  return { lines: [...environment.lines, ...lines], constraints, python };
}

const REQUIREMENTS = "requirements.txt";
const CONDA = "conda.yaml";

/** Names an environment: the same packages in any order and the same minor version of Python are one. */
export function environmentDigest({ lines, constraints, python }: Requirements, salt = ""): string {
  const limits = constraints.length === 0 ? [] : [[...constraints].sort()];
  const text = JSON.stringify([[...lines].sort(), python === null ? null : minorOf(python), salt, ...limits]);
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

type CondaRecord = {
  /** What conda itself installs, in pip's words. */
  readonly lines: readonly string[];
  /** What it leaves to pip. */
  readonly pip: string;
  readonly python: string | null;
};

function readConda(text: string): CondaRecord {
  const document: unknown = parse(text, { maxAliasCount: 0 });
  const listed = memberOf(document, "dependencies");
  const lines: string[] = [];
  const left: string[] = [];
  let python: string | null = null;
  for (const entry of Array.isArray(listed) ? listed : []) {
    const pip = memberOf(entry, "pip");
    if (Array.isArray(pip)) left.push(...pip.map(String));
    if (typeof entry !== "string") continue;
    const [, name = "", , version = ""] =
      /^(?:.*::)?([A-Za-z0-9._-]+)\s*(==?|$)?\s*([^=\s]*)/.exec(entry) ?? [];
    if (name === "python") python = version === "" ? null : version;
    // Conda's `name=version` is pip's `name==version`; what only conda has, pip will say.
    else if (name !== "pip") lines.push(version === "" ? name : `${name}==${version}`);
  }
  return { lines, pip: left.join("\n"), python };
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
