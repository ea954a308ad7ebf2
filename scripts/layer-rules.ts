import type { IForbiddenRuleType, IRegularForbiddenRuleType } from "dependency-cruiser";
import { STAGES } from "../contract/src/lifecycle.ts";

/** What each workspace may import of the others, and whether packages and Node's own modules are open to it. */
const WORKSPACES = {
  contract: { imports: [], packages: ["zod"], node: false },
  statistics: { imports: [], packages: [], node: false },
  sdk: { imports: ["contract"], packages: "any", node: true },
  server: { imports: ["contract", "statistics"], packages: "any", node: true },
  gateway: { imports: ["contract", "statistics"], packages: "any", node: true },
  cli: { imports: ["contract", "sdk"], packages: "any", node: true },
  web: { imports: ["contract", "sdk", "statistics"], packages: "any", node: false },
} as const satisfies Record<
  string,
  { imports: readonly string[]; packages: readonly string[] | "any"; node: boolean }
>;

/** Folders that look at the product from outside and import what they need; nobody imports them. */
const OUTSIDE = ["e2e", "bench", "examples", "scripts"];

const TEST = "\\.test\\.tsx?$|(^|/)testing/";
const WEB_CONFIG = "^web/[^/]+\\.config\\.ts$";

/** Files of a stage's own folder whose last word names work; every other one there is a rule: pure. */
const SHELL =
  "(/index|[/-](service|store|process|program|task|jobs?|work|loop|runner|stream|step|reader|writer))\\.ts$";
const PURE = { path: "^server/src/lifecycle/[^/]+/[^/]+\\.ts$", pathNot: [TEST, SHELL] };

/** A digest is pure, though only Node's crypto computes it. */
const DIGEST = "-(digest|key|id)\\.ts$";

type Rule = { name: string; comment: string } & Pick<IRegularForbiddenRuleType, "from" | "to">;

const forbid = (rule: Rule): IForbiddenRuleType => ({ severity: "error", ...rule });

const anyOf = (words: readonly string[]) => `(${words.join("|")})`;

function workspaceRules(): IForbiddenRuleType[] {
  return Object.entries(WORKSPACES).flatMap(([name, { imports, packages, node }]) => {
    const from = { path: `^${name}/`, pathNot: [TEST, WEB_CONFIG] };
    const foreign = [...Object.keys(WORKSPACES), ...OUTSIDE].filter(
      (other) => other !== name && !imports.some((allowed) => allowed === other),
    );
    return [
      forbid({
        name: `workspace-${name}`,
        comment: `${name} imports of the other workspaces only: ${imports.join(", ") || "none"}.`,
        from: { path: `^${name}/` },
        to: { path: `^${anyOf(foreign)}/` },
      }),
      ...(packages === "any"
        ? []
        : [
            forbid({
              name: `packages-${name}`,
              comment: `${name} imports of packages only: ${packages.join(", ") || "none"}.`,
              from,
              to: {
                path: "(^|/)node_modules/",
                pathNot: packages.map((known) => `(^|/)node_modules/${known}/`),
              },
            }),
          ]),
      ...(node
        ? []
        : [
            forbid({
              name: `node-${name}`,
              comment: `${name} runs in a browser too, so it imports none of Node's modules.`,
              from,
              to: { dependencyTypes: ["core"] },
            }),
          ]),
    ];
  });
}

const LAYERS = [
  { name: "platform", path: "^server/src/platform/" },
  { name: "lifecycle", path: "^server/src/lifecycle/" },
  { name: "protocols", path: "^server/src/protocols/" },
  { name: "compose", path: "^server/src/(?!main\\.ts$)[^/]+\\.ts$" },
  { name: "main", path: "^server/src/main\\.ts$" },
];

function serverRules(): IForbiddenRuleType[] {
  return LAYERS.slice(0, -1).map((layer, index) =>
    forbid({
      name: `server-${layer.name}`,
      comment: "main -> compose -> protocols -> lifecycle -> platform, never back.",
      from: { path: layer.path },
      to: { path: LAYERS.slice(index + 1).map(({ path }) => path) },
    }),
  );
}

function stageRules(): IForbiddenRuleType[] {
  const folder = "^server/src/lifecycle";
  const rightwards = STAGES.slice(0, -1).map((stage, index) =>
    forbid({
      name: `stage-${stage}`,
      comment: `${stage} imports only stages to its left; what lies to the right is reached by an event.`,
      from: { path: `${folder}/${stage}/` },
      to: { path: `${folder}/${anyOf(STAGES.slice(index + 1))}/` },
    }),
  );
  return [
    ...rightwards,
    forbid({
      name: "stage-front-door",
      comment: "A stage is imported through its index.ts.",
      from: { path: `${folder}/([^/]+)/`, pathNot: TEST },
      to: { path: `${folder}/`, pathNot: [`${folder}/$1/`, `${folder}/[^/]+/index\\.ts$`] },
    }),
    forbid({
      name: "stage-front-door-above",
      comment:
        "Protocols and compose.ts reach a stage through its index.ts, a small process through its own.",
      from: { path: "^server/src/(protocols/|[^/]+\\.ts$)", pathNot: TEST },
      to: { path: `${folder}/`, pathNot: [`${folder}/[^/]+/index\\.ts$`, "-process/index\\.ts$"] },
    }),
  ];
}

function libraryRules(): IForbiddenRuleType[] {
  return [
    forbid({
      name: "query-builder",
      comment: "Only *-store.ts and platform/database import the query builder and the driver.",
      from: { path: "^(server|gateway)/", pathNot: [TEST, "-store\\.ts$", "^server/src/platform/database/"] },
      to: { path: "(^|/)node_modules/(kysely|pg)/" },
    }),
    forbid({
      name: "http-library",
      comment: "In the server only protocols/ imports the HTTP library.",
      from: { path: "^server/", pathNot: [TEST, "^server/src/protocols/"] },
      to: { path: "(^|/)node_modules/(fastify|@fastify)/" },
    }),
    forbid({
      name: "pure-of-platform",
      comment:
        "A rule file of a stage is pure: what needs the platform belongs into the service; a type is no need.",
      from: PURE,
      to: { path: "^server/src/platform/", dependencyTypesNot: ["type-only"] },
    }),
    forbid({
      name: "pure-of-database",
      comment: "A rule file of a stage is handed rows, not the database, not even its type.",
      from: PURE,
      to: { path: "^server/src/platform/database/" },
    }),
    forbid({
      name: "pure-of-node",
      comment: "A rule file of a stage is pure: what needs Node's modules belongs into the service.",
      from: { ...PURE, pathNot: [...PURE.pathNot, DIGEST] },
      to: { dependencyTypes: ["core"] },
    }),
    forbid({
      name: "pure-but-digest",
      comment: "A file that computes a digest may use Node's crypto and nothing else of Node.",
      from: { path: `^server/src/lifecycle/[^/]+/[^/]*${DIGEST}`, pathNot: TEST },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?crypto$" },
    }),
  ];
}

const WEB_LAYERS = ["lib", "components", "features", "app"];

function webRules(): IForbiddenRuleType[] {
  return [
    ...WEB_LAYERS.slice(0, -1).map((layer, index) =>
      forbid({
        name: `web-${layer}`,
        comment: "app -> features -> components -> lib, never back.",
        from: { path: `^web/src/${layer}/` },
        to: { path: `^web/src/(${anyOf(WEB_LAYERS.slice(index + 1))}/|[^/]+\\.tsx?$)` },
      }),
    ),
    forbid({
      name: "web-feature-alone",
      comment: "A feature never imports a feature; app composes them.",
      from: { path: "^web/src/features/([^/]+)/" },
      to: { path: "^web/src/features/", pathNot: "^web/src/features/$1/" },
    }),
  ];
}

function everywhere(): IForbiddenRuleType[] {
  return [
    forbid({
      name: "no-cycle",
      comment: "No import cycles, type-only included.",
      from: {},
      to: { circular: true },
    }),
    forbid({
      name: "no-test-code",
      comment: "What ships imports neither tests nor what stands ready for them.",
      from: { path: `^${anyOf(Object.keys(WORKSPACES))}/`, pathNot: TEST },
      to: { path: TEST, pathNot: "(^|/)node_modules/" },
    }),
    forbid({
      name: "resolvable",
      comment: "Every import leads somewhere.",
      from: {},
      to: { couldNotResolve: true },
    }),
    forbid({
      name: "declared",
      comment: "Every package stands in the package.json of the workspace that imports it.",
      from: { path: `^${anyOf(Object.keys(WORKSPACES))}/`, pathNot: TEST },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    }),
  ];
}

/** The rules of docs/architecture.md about who imports whom, generated from the order of the stages. */
export function layerRules(): IForbiddenRuleType[] {
  return [
    ...workspaceRules(),
    ...serverRules(),
    ...stageRules(),
    ...libraryRules(),
    ...webRules(),
    ...everywhere(),
  ];
}

/** The folders under these rules, in the order in which they are read. */
export const CRUISED = [...Object.keys(WORKSPACES), ...OUTSIDE];
