import { defineConfig } from "vitest/config";

interface Suite {
  name: string;
  include: string[];
  globalSetup?: string[];
  testTimeout?: number;
  /** Suites of a later group wait for those of an earlier one: what measures time must not share the cores. */
  group?: number;
}

/** One suite = one Vitest project, so that `--project server` runs a workspace alone. */
const suite = ({ name, include, globalSetup = [], testTimeout = 60_000, group = 0 }: Suite) => ({
  extends: true as const,
  test: {
    name,
    include,
    globalSetup,
    testTimeout,
    hookTimeout: Math.max(testTimeout, 60_000),
    // A process per file costs more than most files' tests. Those of a workspace share two: none may leave the process changed
    // (variables, working folder, clock), and Vitest takes back its own mocks after each file.
    isolate: group > 0,
    maxWorkers: group === 0 ? 2 : 1,
    sequence: { groupOrder: group },
  },
});

const unit = (name: string, globalSetup: string[] = []) =>
  suite({ name, include: [`${name}/**/*.test.ts`, `${name}/**/*.test.tsx`], globalSetup });

/** A folder of `e2e/` is named for the most demanding thing that its tests need: `node` needs nothing but Node, `crash` also time. */
const outside = (need: string) =>
  suite({ name: `e2e-${need}`, include: [`e2e/${need}/**/*.test.ts`], testTimeout: 120_000, group: 1 });

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    exclude: ["**/node_modules/**", "**/dist/**", "**/.causeway/**"],
    pool: "forks",
    // What is polled for comes; how soon is the machine's affair, and the test's own bound says so where it matters.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      unit("contract"),
      unit("statistics"),
      unit("sdk"),
      unit("server", ["server/testing/cluster.ts"]),
      unit("gateway"),
      unit("cli"),
      unit("web"),
      unit("scripts"),
      outside("node"),
      outside("crash"),
      outside("python"),
      outside("mlflow"),
      outside("chromium"),
      outside("shared"),
    ],
  },
});
