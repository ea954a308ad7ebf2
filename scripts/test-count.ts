import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What a Vitest report says of its tests. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

/** One step of a test run: its name, its exit code, and the report that it wrote, if it did. */
export interface Step {
  name: string;
  code: number;
  report: Report | undefined;
}

/**
 * Adds up steps. A step without a report counts as one test; a file that could not be loaded, or a step that ended badly
 * though each of its tests passed, as one failure.
 */
export function countTests(steps: readonly Step[]): { passed: number; failed: number } {
  const counts = steps.map(({ code, report }) => {
    if (!report) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
    const unloaded = report.testResults.filter(
      ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
    );
    const failed = report.numFailedTests + unloaded.length;
    return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
  });
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/** Reads the steps of a folder: `steps` holds a line `<name> <exit code>` for each, `<name>.json` its report. */
export function readSteps(folder: string): Step[] {
  return readFileSync(join(folder, "steps"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [name = "", code = "1"] = line.split(" ");
      const file = join(folder, `${name}.json`);
      return { name, code: Number(code), report: existsSync(file) ? readReport(file) : undefined };
    });
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // A step that was stopped while it wrote leaves half a report, which says nothing.
    return undefined;
  }
}

if (import.meta.main) {
  const steps = readSteps(process.argv[2] ?? "results");
  for (const step of steps.filter(({ code }) => code !== 0))
    console.log(`failed: ${step.name} (${step.code})`);
  const { passed, failed } = countTests(steps);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}
