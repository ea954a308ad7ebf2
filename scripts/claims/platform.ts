import type { Capabilities } from "./capability.ts";

export const platformClaims: Capabilities = {
  X1: {
    title: "One command",
    claims: {
      up: "one command up, nothing configured",
      first: "ready in 4 s the first time",
      later: "ready in 1.5 s later",
      supervised: "a dead program is back within 3 s",
      down: "a signal drains and ends with 0 within 10 s",
      held: "a second `up` says who holds the data folder",
    },
  },
  X2: {
    title: "Many machines",
    claims: {
      postgres: "PostgreSQL by one setting",
      s3: "S3 by one setting",
      machines: "control, workers and gateways on many machines",
      image: "OCI image",
      compose: "compose file",
      helm: "Helm chart",
    },
  },
  X3: {
    title: "Access",
    claims: {
      tokens: "named tokens with scopes",
      users: "users",
      roles: "roles per project and environment",
      oidc: "OIDC",
      deny: "deny by default, every route tested",
      host: "foreign Host and Origin refused",
      browser: "a one-time link signs the browser in",
    },
  },
  X4: {
    title: "Audit trail",
    claims: { every: "every change with its actor", chained: "hash-chained", exportable: "exportable" },
  },
  X5: { title: "Secrets", claims: { encrypted: "encrypted", "never-shown": "never shown" } },
  X6: {
    title: "Care",
    claims: {
      backup: "backup and restore",
      migrations: "upgrades with forward-only migrations",
      doctor: "`doctor`",
    },
  },
  X7: {
    title: "The pages",
    claims: {
      english: "English",
      vietnamese: "Vietnamese",
      dark: "dark and light",
      keyboard: "keyboard",
      accessible: "accessible",
    },
  },
  X8: {
    title: "Command line",
    claims: {
      tables: "tables",
      json: "JSON",
      progress: "progress",
      completion: "completion",
      errors: "errors with a way out",
    },
  },
  X9: {
    title: "Docs that run",
    claims: {
      tutorial: "tutorial",
      "how-to": "how-to",
      reference: "reference",
      coming: '"coming from" MLflow, Airflow, Evidently, BentoML',
    },
  },
  X10: {
    title: "Distributed and federated learning",
    claims: {
      nodes: "steps on several nodes",
      rounds: "rounds of federated averaging",
      tracked: "tracked and gated",
    },
  },
  X11: {
    title: "`causeway apply`",
    claims: { plan: "plan", apply: "apply", drift: "drift of configuration" },
  },
  X12: {
    title: "Installable",
    claims: { npm: "npm packages that run outside the clone", pip: "the pip package" },
  },
};
