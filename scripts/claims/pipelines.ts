import type { Capabilities } from "./capability.ts";

export const pipelinesClaims: Capabilities = {
  P1: {
    title: "Pipelines in TypeScript",
    claims: {
      dataflow: "dataflow by argument",
      typed: "typed end to end: a wrong edge does not compile",
      cycle: "a cycle is refused",
      typescript: "steps as TypeScript functions",
      python: "steps as Python scripts",
      shell: "steps as shell commands",
      container: "steps as containers",
      sql: "steps as SQL",
      "python-user": "a Python user needs no TypeScript beyond a generated file",
      local: "a plain file that runs locally",
    },
  },
  P2: {
    title: "Control of flow",
    claims: {
      map: "fan-out over a list",
      branch: "branches and conditions",
      params: "params, validated",
      form: "params with a form",
      secrets: "secrets",
      resources: "per-step resources",
      disk: "a step that passes its disk limit is stopped",
      timeout: "timeout of an attempt",
      timeouts: "all four kinds of timeout",
      retries: "retries with backoff",
    },
  },
  P3: {
    title: "Content-hash cache",
    claims: {
      hit: "a step with unchanged code, params and inputs is not run again",
      miss: "a change of code, lock, params or data runs it again",
      reason: "the reason of each hit and miss",
      plan: "a plan before the run",
    },
  },
  P4: {
    title: "Schedules and triggers",
    claims: {
      cron: "cron with IANA time zones",
      "catch-up": "catch-up",
      backfill: "backfill",
      triggers: "triggers on new data and events",
      overlap: "overlap policy",
      pools: "concurrency pools",
      priorities: "priorities",
    },
  },
  P5: {
    title: "A run under way",
    claims: {
      logs: "live logs",
      graph: "graph view",
      gantt: "Gantt view",
      resume: "resume from the failed step",
      cancel: "cancel ends the whole process tree",
      approvals: "approvals bound to artifact digests",
      deadlines: "deadlines with alerts",
    },
  },
  P6: {
    title: "kill -9 of any process at any moment",
    claims: {
      control: "control killed: the run goes on",
      worker: "worker killed: its work is taken over within 15 s",
      step: "step killed: its attempt is retried",
      database: "database killed: nothing acknowledged is lost",
      once: "each result is committed once",
      orphans: "no orphan process is left",
      external: "external jobs are re-attached",
    },
  },
  P7: {
    title: "Executors",
    claims: { local: "local process", kubernetes: "Kubernetes Job", ray: "Ray Job", slurm: "Slurm" },
  },
  P8: {
    title: "Export of definitions",
    claims: {
      argo: "Argo Workflows",
      airflow: "Airflow",
      prefect: "Prefect",
      kubeflow: "Kubeflow Pipelines",
    },
  },
  P9: { title: "OpenLineage", claims: { events: "OpenLineage events" } },
  P10: {
    title: "Pipelines are versioned",
    claims: {
      digest: "by code digest",
      bundle: "deployed as a bundle with its locks",
      "as-it-was": "a deployed version runs as it was, whatever became of the files",
    },
  },
  P11: { title: "Test kit", claims: { crash: "crash injection", clock: "fake clock" } },
  P12: {
    title: "Reproduce a run",
    claims: {
      record: "from the record, in a clean folder",
      verdict: "byte-equal, equal within tolerance, different",
    },
  },
  P13: {
    title: "Sweeps",
    claims: {
      grid: "grid",
      random: "random",
      tpe: "TPE",
      halving: "successive halving",
      parallel: "parallel trials",
      resume: "resume",
    },
  },
  P14: {
    title: "`causeway ci`",
    claims: {
      plan: "plan, run, gate on a pull request",
      comment: "comments a table",
      exit: "exit code",
      github: "template for GitHub",
      gitlab: "template for GitLab",
    },
  },
  P15: {
    title: "Cost",
    claims: { usage: "CPU-, GPU- and memory-seconds and bytes", price: "times a price table" },
  },
};
