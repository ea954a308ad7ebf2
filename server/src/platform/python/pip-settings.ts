/** What is known of where pip takes packages from, in the words of uv. */
export type UvVariables = Readonly<Record<string, string>>;

/** Sections of pip's configuration, the stronger ones first. */
const SECTIONS = [":env:", "install", "global"];

/** pip's settings beside the variable of uv that means the same; lists are divided by what uv divides them by. */
const SETTINGS: readonly (readonly [setting: string, variable: string, divider: string])[] = [
  ["index-url", "UV_DEFAULT_INDEX", " "],
  ["extra-index-url", "UV_INDEX", " "],
  ["find-links", "UV_FIND_LINKS", ","],
  ["no-index", "UV_NO_INDEX", " "],
  ["trusted-host", "UV_INSECURE_HOST", " "],
  ["cert", "SSL_CERT_FILE", " "],
];

/**
 * Variables that let uv take packages from where pip on the same machine does: uv reads none of pip's configuration, and a
 * machine behind a mirror has it there. `listed` is what `pip config list` printed; what is set for uv itself stays.
 */
export function uvVariables(
  listed: readonly string[],
  variables: Readonly<Record<string, string>>,
): UvVariables {
  const settings = new Map(listed.flatMap((line) => settingOf(line) ?? []));
  const found: Record<string, string> = {};
  for (const [setting, variable, divider] of SETTINGS) {
    const value = SECTIONS.map((section) => settings.get(`${section}.${setting}`)).find(
      (one) => one !== undefined,
    );
    if (value === undefined || value === "" || variables[variable] !== undefined) continue;
    found[variable] = value.trim().split(/\s+/).join(divider);
  }
  // pip looks for the best version in all of its indexes; uv would stop at the first that has any.
  return "UV_INDEX" in found && variables["UV_INDEX_STRATEGY"] === undefined
    ? { ...found, UV_INDEX_STRATEGY: "unsafe-best-match" }
    : found;
}

/** A line such as `global.index-url='https://…'`, written by Python: a line end within a value is a `\n`. */
function settingOf(line: string): [[key: string, value: string]] | null {
  const [, key, quoted] = /^(\S+?)=(['"].*['"])$/.exec(line) ?? [];
  if (key === undefined || quoted === undefined) return null;
  // pip writes a variable's section as `:env:.name`, a file's as `section.name`.
  return [[key, quoted.slice(1, -1).replaceAll("\\n", " ")]];
}
