import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { CAPABILITIES } from "./capability-claims.ts";
import type { Capabilities } from "./claims/capability.ts";
import { root } from "./set-up.js";

/** A test as the report of a suite tells of it. */
export interface TestResult {
  name: string;
  /** Path from the root of the repository. */
  file: string;
  passed: boolean;
}

/** What the tests say of a claim: proven from outside, proven only within, failing, or never tried. */
export type Proof = "works" | "inside" | "failed" | "absent";

export type Status = "works" | "partial" | "absent";

const MARKS = { works: "✓", inside: "◐", failed: "✗", absent: "·" } as const satisfies Record<Proof, string>;
const CLAIM = /^([A-Z]\d+)\/([a-z0-9][a-z0-9-]*)[\s,:]+/;

/** Tests of these places go through the API, the command line or the browser. */
const OUTSIDE = [
  /^e2e\//,
  /^cli\//,
  /^gateway\//,
  /^server\/src\/protocols\//,
  /^server\/src\/[^/]+\.test\.ts$/,
];

/** The claims that open a test's name: `D1/csv D2/content-id imports ...` carries two. */
export function claimsOf(name: string): string[] {
  const claims: string[] = [];
  let rest = name;
  for (let match = CLAIM.exec(rest); match; match = CLAIM.exec(rest)) {
    claims.push(`${match[1]}/${match[2]}`);
    rest = rest.slice(match[0].length);
  }
  return claims;
}

/** Names of claims that tests carry and the table does not know, so that ids cannot rot. */
export function unknownClaims(results: readonly TestResult[], capabilities: Capabilities): string[] {
  return results.flatMap(({ name, file }) =>
    claimsOf(name)
      .filter((claim) => {
        const [id = "", word = ""] = claim.split("/");
        return capabilities[id]?.claims[word] === undefined;
      })
      .map((claim) => `${claim} in ${file}`),
  );
}

/** The proof of every claim. One failing test undoes a claim, whatever else passes. */
export function proofs(results: readonly TestResult[]): Map<string, Proof> {
  const found = new Map<string, Proof>();
  for (const { name, file, passed } of results) {
    const proof: Proof = passed ? (OUTSIDE.some((place) => place.test(file)) ? "works" : "inside") : "failed";
    for (const claim of claimsOf(name)) found.set(claim, weigh(found.get(claim), proof));
  }
  return found;
}

function weigh(known: Proof | undefined, next: Proof): Proof {
  if (known === "failed" || next === "failed") return "failed";
  return known === "works" || next === "works" ? "works" : "inside";
}

export function statusOf(proofsOfClaims: readonly Proof[]): Status {
  if (proofsOfClaims.every((proof) => proof === "works")) return "works";
  return proofsOfClaims.some((proof) => proof === "works" || proof === "inside") ? "partial" : "absent";
}

/** The page `docs/capabilities.md`. */
export function capabilitiesPage(results: readonly TestResult[], capabilities: Capabilities): string {
  const proven = proofs(results);
  const lines = Object.entries(capabilities).map(([id, { title, claims }]) => {
    const marks = Object.entries(claims).map(([claim, text]) => ({
      proof: proven.get(`${id}/${claim}`) ?? "absent",
      text,
    }));
    const status = statusOf(marks.map(({ proof }) => proof));
    return {
      status,
      line: `| ${id} | ${title} | ${status} | ${marks.map(({ proof, text }) => `${MARKS[proof]} ${text}`).join("<br>")} |`,
    };
  });
  const count = (status: Status) => lines.filter((line) => line.status === status).length;
  return `# Capabilities

Written by \`npm run capabilities\` from the results of the tests. A line *works* when each of its claims has a passing test
through the API, the command line or the browser; *partial* when some claims have a test; *absent* when none has.

${MARKS.works} proven from outside, ${MARKS.inside} proven by tests within only, ${MARKS.failed} a test fails, ${MARKS.absent} no test.

${count("works")} work, ${count("partial")} partial, ${count("absent")} absent.

| id | line | status | claims |
|---|---|---|---|
${lines.map(({ line }) => line).join("\n")}
`;
}

interface VitestReport {
  testResults: { name: string; assertionResults: { title: string; status: string }[] }[];
}

/** Reads the reports of a folder that Vitest's JSON reporter wrote; a skipped test proves nothing and counts as not run. */
export function readResults(folder: string): TestResult[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => {
      // The shape is that of Vitest's JSON reporter.
      const report = JSON.parse(readFileSync(join(folder, name), "utf8")) as VitestReport;
      return report.testResults.flatMap((file) =>
        file.assertionResults
          .filter(({ status }) => status === "passed" || status === "failed")
          .map(({ title, status }) => ({
            name: title,
            file: relative(root, file.name),
            passed: status === "passed",
          })),
      );
    });
}

const RANK: Readonly<Record<string, number>> = { [MARKS.works]: 2, [MARKS.inside]: 1 };

/** Claims that a written page makes and these results do not bear out; a page may say less than is proven. */
export function overclaims(written: string, proven: string): string[] {
  const borneOut = claimsOnPage(proven);
  return [...claimsOnPage(written)]
    .filter(([claim, mark]) => (RANK[mark] ?? 0) > (RANK[borneOut.get(claim) ?? ""] ?? 0))
    .map(
      ([claim, mark]) => `${claim}: the page says ${mark}, the tests say ${borneOut.get(claim) ?? "nothing"}`,
    );
}

/** The marks of a page by `<id> <claim's text>`. */
function claimsOnPage(page: string): Map<string, string> {
  const rows = [...page.matchAll(/^\| ([A-Z]\d+) \|[^|]*\|[^|]*\| (.*) \|$/gm)];
  return new Map(
    rows.flatMap(([, id, claims = ""]) =>
      claims.split("<br>").map((claim) => [`${id} ${claim.slice(2)}`, claim.slice(0, 1)] as const),
    ),
  );
}

function main(): number {
  const { values } = parseArgs({
    options: { results: { type: "string", default: "results" }, check: { type: "boolean", default: false } },
  });
  const results = readResults(join(root, values.results));
  const unknown = unknownClaims(results, CAPABILITIES);
  if (unknown.length > 0) {
    console.error(
      `Tests carry claims that scripts/capability-claims.ts does not name:\n  ${unknown.join("\n  ")}`,
    );
    return 1;
  }
  const file = join(root, "docs", "capabilities.md");
  const page = capabilitiesPage(results, CAPABILITIES);
  if (!values.check) {
    writeFileSync(file, page);
    console.log(`docs/capabilities.md written from ${results.length} tests`);
    return 0;
  }
  if (!existsSync(file)) {
    console.error("docs/capabilities.md is missing. Run npm run capabilities and commit it.");
    return 1;
  }
  const wrong = overclaims(readFileSync(file, "utf8"), page);
  if (wrong.length === 0) return 0;
  console.error(
    `docs/capabilities.md says more than the tests do. Run npm run capabilities and commit it:\n  ${wrong.join("\n  ")}`,
  );
  return 1;
}

if (import.meta.main) process.exitCode = main();
