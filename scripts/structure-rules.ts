import { STAGES } from "../contract/src/lifecycle.ts";
import { CAPABILITIES } from "./capability-claims.ts";
import { gapsOf, type Lock } from "./complete-lock.ts";
import { unreasonedAssertions } from "./type-assertions.ts";

/** A tracked file as the rules see it. */
export interface SourceFile {
  /** Path from the root, with forward slashes. */
  path: string;
  text: string;
}

export interface StructureProblem {
  rule: string;
  path: string;
  /** What is wrong and what to do. */
  message: string;
}

export interface StructureRule {
  name: string;
  /** Looks at one file, with the whole tree at hand. */
  check(file: SourceFile, tree: readonly SourceFile[]): string[];
}

const CODE = /\.(ts|tsx|js|mjs)$/;
const SOURCE = /\.(ts|tsx|js|mjs|py|sql|sh|css)$/;
const TEST = /\.test\.tsx?$|(^|\/)testing\//;
const LONGEST = 400;

const isCode = ({ path }: SourceFile) => CODE.test(path);
const isTest = ({ path }: SourceFile) => TEST.test(path);
const nameOf = (path: string) => path.split("/").at(-1) ?? path;

const kebabCase: StructureRule = {
  name: "kebab-case",
  check: (file) => {
    if (!isCode(file)) return [];
    return /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)+$/.test(nameOf(file.path))
      ? []
      : ["Files are kebab-case, named for their main export."];
  },
};

const plainNouns: StructureRule = {
  name: "plain-nouns",
  check: ({ path }) => {
    const vague = path
      .split("/")
      .map((part) => part.split(".")[0] ?? part)
      .find((part) => /^(common|types?)$|(^|-)(utils?|helpers?|managers?)$/.test(part));
    return vague
      ? [`"${vague}" says nothing: name it for its noun; if none fits, the code is in the wrong place.`]
      : [];
  },
};

const shortFiles: StructureRule = {
  name: "short-files",
  check: (file) => {
    if (!/\.(ts|tsx|js|mjs|py)$/.test(file.path) || isTest(file)) return [];
    const lines = file.text.split("\n").length - 1;
    return lines > LONGEST ? [`${lines} lines, the most is ${LONGEST}: split it by its concepts.`] : [];
  },
};

const namedExports: StructureRule = {
  name: "named-exports",
  check: (file) =>
    isCode(file) && /^export \*/m.test(file.text)
      ? ["`export *` hides what a front door shows: name each export."]
      : [],
};

/** A process that must start fast has a front door of its own, so that it loads no more than it runs. */
const FRONT_DOORS = [
  /^(contract|statistics|sdk)\/src\/index\.ts$/,
  /^(sdk\/src|server\/src\/lifecycle\/[^/]+)\/[a-z-]+-process\/index\.ts$/,
  /^server\/src\/(platform|lifecycle|protocols)\/[^/]+\/index\.ts$/,
  /^web\/src\/(features\/[^/]+|.*\/?locales\/[^/]+)\/index\.tsx?$/,
];

/** True for a file that its workspace's package.json offers to others. */
function isExported(path: string, tree: readonly SourceFile[]): boolean {
  const [workspace = "", ...rest] = path.split("/");
  const manifest = tree.find((file) => file.path === `${workspace}/package.json`);
  return manifest?.text.includes(`"./${rest.join("/")}"`) ?? false;
}

const frontDoors: StructureRule = {
  name: "front-doors",
  check: ({ path }, tree) => {
    if (!/(^|\/)index\.tsx?$/.test(path) || FRONT_DOORS.some((door) => door.test(path))) return [];
    if (isExported(path, tree)) return [];
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    const isCatalog = tree.some(
      (other) =>
        other.path.startsWith(folder) && /^define(-[a-z-]+)?\.ts$/.test(other.path.slice(folder.length)),
    );
    return isCatalog
      ? []
      : [
          "index.ts is the front door of a stage, a platform module, a catalog (with its define.ts) or a package's export.",
        ];
  },
};

/** True where the whole is an argument or spread: what receives it says by its type which variables it reads. */
const isHandedOn = (text: string, start: number, end: number) =>
  /(\.\.\.|[(,]\s*)$/.test(text.slice(0, start)) && /^\s*[,)}]/.test(text.slice(end));

/** In which files the variables of the process may be read, and which of them. */
const environment: StructureRule = {
  name: "environment",
  check: (file) => {
    if (
      !isCode(file) ||
      isTest(file) ||
      !/^(contract|statistics|sdk|server|gateway|cli|web)\//.test(file.path)
    )
      return [];
    if (/^(server|gateway)\/src\/main\.ts$/.test(file.path) || /\.config\.ts$/.test(file.path)) return [];
    const reads = [...file.text.matchAll(/process\.env\b(?:\.(\w+)|\[\s*["'](\w+)["']\s*\])?/g)];
    const isShell = /^(sdk|cli)\//.test(file.path);
    const refused = reads.filter(({ 0: read, 1: dotted, 2: quoted, index }) => {
      const name = dotted ?? quoted;
      if (!isShell) return true;
      if (name !== undefined) return !name.startsWith("CAUSEWAY_");
      return !isHandedOn(file.text, index, index + read.length);
    });
    const imported = /import\s*\{[^}]*\benv\b[^}]*\}\s*from\s*["'](?:node:)?process["']/.test(file.text);
    if (refused.length === 0 && !imported) return [];
    return [
      isShell
        ? "sdk and cli read only the CAUSEWAY_* variables by name, or hand the whole on as an argument."
        : "only main.ts of server and gateway reads process.env: take the value as a parameter.",
    ];
  },
};

const MIGRATIONS = /^server\/src\/platform\/database\/migrations\/.+\.sql$/;

function tablesOf(tree: readonly SourceFile[]): string[] {
  return tree
    .filter(({ path }) => MIGRATIONS.test(path))
    .flatMap(({ text }) => [
      ...text.matchAll(/\bcreate\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?"?(\w+)"?/gi),
    ])
    .map(([, name]) => name ?? "");
}

const tableNames: StructureRule = {
  name: "table-names",
  check: (file) => {
    if (!MIGRATIONS.test(file.path)) return [];
    const prefixes = [...STAGES, "platform"];
    return tablesOf([file])
      .filter((table) => !prefixes.some((prefix) => table.startsWith(`${prefix}_`)))
      .map((table) => `table ${table} carries neither a stage's name nor platform_ in front.`);
  },
};

const ownTables: StructureRule = {
  name: "own-tables",
  check: ({ path, text }, tree) => {
    const owner = /^server\/src\/(?:lifecycle\/([^/]+)|(platform))\/.*-store\.ts$/.exec(path);
    const prefix = owner?.[1] ?? owner?.[2];
    if (prefix === undefined) return [];
    return tablesOf(tree)
      .filter((table) => !table.startsWith(`${prefix}_`) && new RegExp(`\\b${table}\\b`).test(text))
      .map(
        (table) => `a store of ${prefix} names ${table}: ask the owner of that table through its front door.`,
      );
  },
};

const architecture: StructureRule = {
  name: "architecture",
  check: ({ path, text }, tree) => {
    if (path !== "docs/architecture.md") return [];
    const drawn = /^## Workspaces[^\n]*\n```\n([\s\S]*?)\n```/m.exec(text)?.[1] ?? "";
    const listed = [...drawn.matchAll(/^([a-z0-9]+)\/ /gm)].map(([, name]) => name ?? "");
    const standing = [...new Set(tree.map((file) => file.path.split("/")))]
      .filter((parts) => parts.length > 1)
      .map(([name]) => name ?? "")
      .filter((name) => !name.startsWith("."));
    const modules = tree.flatMap((file) => /^server\/src\/platform\/([^/]+)\//.exec(file.path)?.[1] ?? []);
    const stages = tree.flatMap((file) => /^server\/src\/lifecycle\/([^/]+)\//.exec(file.path)?.[1] ?? []);
    return [
      ...without(standing, listed).map((name) => `the folder ${name}/ is not drawn in the tree.`),
      ...without(listed, standing).map((name) => `the tree draws ${name}/, which does not exist.`),
      ...without(modules, drawn.match(/[a-z-]+/g) ?? []).map(
        (name) => `the tree does not name platform/${name}.`,
      ),
      ...without(stages, STAGES).map((name) => `lifecycle/${name} is none of the seven stages.`),
    ];
  },
};

const without = (names: readonly string[], known: readonly string[]) =>
  [...new Set(names)].filter((name) => !known.includes(name));

/** Places of one machine, written so that this file does not contain them. */
const MACHINE = new RegExp(`(?<![\\w.-])/(${["work/(main|shared)", "root/", "home/[a-z]+/"].join("|")})`);

const anyMachine: StructureRule = {
  name: "any-machine",
  check: ({ path, text }) => {
    const place = MACHINE.exec(text);
    const host = path === "package-lock.json" ? /"resolved": "https?:[^"]*"/.exec(text) : null;
    return [place, host].flatMap((found) => (found ? [`${found[0]} belongs to one machine.`] : []));
  },
};

const finished: StructureRule = {
  name: "finished",
  check: ({ path, text }) => {
    const note = SOURCE.test(path) ? /\b(TO[D]O|FIX[M]E)\b/.exec(text) : null;
    return note ? [`${note[0]}: finish it or leave it out.`] : [];
  },
};

const knownClaims: StructureRule = {
  name: "known-claims",
  check: ({ path, text }) =>
    /^scripts\//.test(path) || !/\.test\.tsx?$/.test(path)
      ? []
      : [...text.matchAll(/["'`\s]([A-Z]\d{1,2})\/([a-z0-9][a-z0-9-]*)(?=[\s,:])/g)]
          .filter(
            ([, id = "", claim = ""]) =>
              CAPABILITIES[id] === undefined || CAPABILITIES[id].claims[claim] === undefined,
          )
          .map(([, id = "", claim]) => {
            const known = Object.keys(CAPABILITIES[id]?.claims ?? {});
            const choice = known.length > 0 ? `${id} has ${known.join(", ")}` : `there is no line ${id}`;
            return `${id}/${claim} is no claim (scripts/claims/): ${choice}.`;
          }),
};

const reasonedAssertions: StructureRule = {
  name: "reasoned-assertions",
  check: (file) =>
    !/\.tsx?$/.test(file.path) || isTest(file) || /^(e2e|bench|examples)\//.test(file.path)
      ? []
      : unreasonedAssertions(file.path, file.text).map(
          (line) => `line ${line} asserts a type by \`as\` and gives no reason beside it.`,
        ),
};

const wholeLock: StructureRule = {
  name: "whole-lock",
  check: ({ path, text }) => {
    if (path !== "package-lock.json") return [];
    // npm's own file: its shape is npm's.
    const gaps = gapsOf(JSON.parse(text) as Lock);
    return gaps.length > 0
      ? [`${gaps.length} binaries for other machines are missing: run node scripts/complete-lock.ts`]
      : [];
  },
};

const oneVersion: StructureRule = {
  name: "one-version",
  check: ({ path, text }, tree) => {
    if (!/^[a-z0-9]+\/package\.json$/.test(path)) return [];
    const main = tree.find((file) => file.path === "package.json");
    const version = main && versionOf(main.text);
    return version === versionOf(text) ? [] : [`its version is not that of the root, ${version}.`];
  },
};

const versionOf = (text: string) => /"version": "([^"]+)"/.exec(text)?.[1];

/** The rules about files that no other tool checks, in the order in which they are told. */
export const STRUCTURE_RULES: readonly StructureRule[] = [
  kebabCase,
  plainNouns,
  shortFiles,
  namedExports,
  frontDoors,
  environment,
  tableNames,
  ownTables,
  architecture,
  anyMachine,
  finished,
  knownClaims,
  reasonedAssertions,
  wholeLock,
  oneVersion,
];

/** All problems of a tree of files. */
export function checkStructure(tree: readonly SourceFile[]): StructureProblem[] {
  return STRUCTURE_RULES.flatMap((rule) =>
    tree.flatMap((file) =>
      rule.check(file, tree).map((message) => ({ rule: rule.name, path: file.path, message })),
    ),
  );
}
