/** The suites that need nothing but Node; `.ci/run` adds those that need Python, a browser or shared data. */
export const NODE_SUITES = [
  "contract",
  "statistics",
  "sdk",
  "server",
  "gateway",
  "cli",
  "web",
  "scripts",
  "e2e-node",
];

/** @param {string[]} suites */
export const projectFlags = (suites) => suites.flatMap((suite) => ["--project", suite]);
