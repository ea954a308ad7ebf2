import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { LIBRARY_STEPS } from "./library.ts";
import { createData } from "./lifecycle/data/index.ts";
import {
  createCompactionStarter,
  createDeployments,
  findServingDeployments,
} from "./lifecycle/deployments/index.ts";
import {
  createArtifactTree,
  createAssessments,
  createCleanUp,
  createExperiments,
  createExperimentsSearch,
  createExperimentsUpkeep,
  createImports,
  createRunArtifacts,
  createRunSearch,
  createRunWriter,
  createTraces,
  createTracking,
  createUploads,
} from "./lifecycle/experiments/index.ts";
import { createMonitoring } from "./lifecycle/monitoring/index.ts";
import { createAdvance, createPipelines } from "./lifecycle/pipelines/index.ts";
import {
  createAliasApprovals,
  createEvaluations,
  createGates,
  createModelProgram,
  createPreparation,
  createRegistry,
  createRegistryChanges,
  createRegistryImports,
  createRegistrySearches,
  createVersionSources,
  createVersionTree,
  createWebhooks,
  findRegisteredRuns,
} from "./lifecycle/registry/index.ts";
import { createRetraining, findRetrainingPolicies } from "./lifecycle/retraining/index.ts";
import {
  createAccess,
  createStepTokens,
  digestSecret,
  ensureCredentialFile,
  SYSTEM_SCOPE,
  systemCall,
} from "./platform/access/index.ts";
import { readGatewayUrl } from "./platform/addresses/index.ts";
import { createApprovals } from "./platform/approvals/index.ts";
import { createArtifacts } from "./platform/artifacts/index.ts";
import { createAudit } from "./platform/audit/index.ts";
import type { Database } from "./platform/database/index.ts";
import { type Consumer, createEvents } from "./platform/events/index.ts";
import { createIdempotency } from "./platform/idempotency/index.ts";
import { createLineage } from "./platform/lineage/index.ts";
import type { Logger } from "./platform/log/index.ts";
import type { GaugeSource } from "./platform/metrics/index.ts";
import { createNotifications } from "./platform/notifications/index.ts";
import { createOutbound } from "./platform/outbound/index.ts";
import { createProjects } from "./platform/projects/index.ts";
import { createSecrets } from "./platform/secrets/index.ts";
import { createWork } from "./platform/work/index.ts";
import { GATEWAY_PROGRAM } from "./programs.ts";

/** What a role brings with it. */
export type Foundation = {
  readonly database: Database;
  readonly dataDir: string;
  readonly log: Logger;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Where people find the pages; absent where the role does not know it. */
  readonly publicUrl?: () => string;
  /** Folder of the files that the platform keeps; absent: one in the data folder. */
  readonly artifactRoot?: string | undefined;
  /** True: messages may go to addresses that are not public. */
  readonly allowPrivateChannels?: boolean;
};

/** The platform's services, which know no stage. */
export type Platform = ReturnType<typeof composePlatform>;

/** Builds the platform's services. */
export function composePlatform(foundation: Foundation) {
  const { database, dataDir, now, newId } = foundation;
  const audit = createAudit({ db: database.db, newId });
  const events = createEvents({ database, audit, now, newId });
  const artifacts = createArtifacts({
    root: foundation.artifactRoot ?? join(dataDir, "artifacts"),
    database,
  });
  const lineage = createLineage({ db: database.db });
  const work = createWork({ database, newId });
  const stepTokens = createStepTokens({ newId });
  /** Where predictions are sent; null until a gateway runs. */
  const gatewayUrl = () => readGatewayUrl(dataDir);
  const publicUrl = foundation.publicUrl ?? (() => "");
  const secrets = createSecrets({ db: database.db, dataDir });
  const outbound = createOutbound({ allowPrivate: foundation.allowPrivateChannels ?? false });
  const notifications = createNotifications({ database, secrets, events, outbound, publicUrl, newId });
  const approvals = createApprovals({ database, work, now, newId });
  const messages = { secrets, outbound, notifications, approvals };
  const services = { audit, events, artifacts, lineage, stepTokens, work, ...messages };
  return { ...foundation, ...services, gatewayUrl, publicUrl };
}

/** The services of the stages, each built from the platform and the stages to its left. */
export type Lifecycle = ReturnType<typeof composeLifecycle>;

/** Builds the stages' services, left to right. */
export function composeLifecycle(platform: Platform) {
  const data = createData(platform);
  const artifactTree = createArtifactTree(platform);
  const traces = createTraces({ ...platform, tree: artifactTree });
  const assessments = createAssessments(platform);
  const uploads = createUploads({ ...platform, tree: artifactTree });
  const newRunId = () => randomBytes(16).toString("hex");
  const runWriter = createRunWriter({ ...platform, tree: artifactTree, newRunId });
  const search = createRunSearch(platform);
  const experimentsSearch = createExperimentsSearch({ ...platform, search });
  const tracking = createTracking({ ...platform, writer: runWriter, newRunId, random: Math.random, search });
  const runs = createExperiments({ ...platform, writer: runWriter, tracking });
  const experiments = { ...runs, ...createRunArtifacts({ tree: artifactTree, getRun: runs.getRun }) };
  const libraries = new Map(LIBRARY_STEPS.map(({ name, version }) => [name, version]));
  const advance = createAdvance({ ...platform, libraries });
  const pipelines = createPipelines({ ...platform, datasets: data, advance });
  const models = createModelProgram(GATEWAY_PROGRAM);
  const scratch = join(platform.dataDir, "scratch");
  const versions = createRegistry({ ...platform, runs: experiments, models, scratch });
  const preparation = createPreparation({ ...platform, registry: versions });
  const searches = createRegistrySearches({ db: platform.database.db });
  const registry = {
    ...versions,
    ...preparation,
    ...searches,
    ...createVersionSources({
      ...platform,
      tree: artifactTree,
      tracking,
      runs: experiments,
      registry: versions,
      preparation,
    }),
    ...createEvaluations({ ...platform, registry: versions, data }),
    ...createGates({ ...platform, registry: versions, data }),
    ...createAliasApprovals({ ...platform, registry: versions }),
    ...createRegistryChanges({
      ...platform,
      ...versions,
      aliases: versions,
      preparation,
      // What lies to the right says itself what it lives from.
      uses: [findServingDeployments, findRetrainingPolicies],
    }),
    ...createWebhooks(platform),
  };
  const imports = createImports({ ...platform, tree: artifactTree });
  const registryImports = createRegistryImports({
    ...platform,
    registry,
    changes: registry,
    sources: registry,
    imports,
  });
  const adminToken = join(platform.dataDir, "admin-token");
  const deployments = createDeployments({
    ...platform,
    data,
    registry,
    // Whoever holds the admin token may read the metrics of gateways too.
    readers: async () => [digestSecret(await ensureCredentialFile(adminToken, "admin"))],
  });
  const monitoring = createMonitoring({ ...platform, deployments });
  const earlier = { data, pipelines, registry, deployments, monitoring };
  const retraining = createRetraining({ ...platform, ...earlier });
  // Clients read files of versions where they read all others.
  const versionTree = createVersionTree({ ...platform, tree: artifactTree, registry: searches });
  const kept = { artifactTree, uploads, traces, assessments };
  const experimentsUpkeep = {
    ...createExperimentsUpkeep({ ...platform, tracking, experiments }),
    ...createCleanUp({ ...platform, tree: artifactTree, uses: findRegisteredRuns }),
  };
  const tracked = {
    runWriter,
    experiments,
    experimentsSearch,
    experimentsUpkeep,
    tracking,
    ...kept,
    versionTree,
    imports,
    registryImports,
  };
  return { ...earlier, ...tracked, advance, retraining };
}

/** What control does about events: a stage follows what stages to its left tell. */
export function composeConsumers(
  _platform: Platform,
  { registry, deployments, retraining }: Lifecycle,
): Consumer[] {
  return [registry.webhookConsumer, deployments.consumer, retraining.consumer];
}

/** What control follows all the time, until the signal aborts. */
export function composeFollowers(
  { artifacts }: Platform,
  { monitoring, registry }: Lifecycle,
): ((signal: AbortSignal) => Promise<void>)[] {
  return [artifacts.followJournal, monitoring.follow, registry.sendWebhooks];
}

/** What control's metrics tell of the stages. */
export function composeGauges({ monitoring }: Lifecycle): GaugeSource[] {
  return [monitoring.gauges];
}

/** Something that control does again and again; `expression` is cron in UTC. */
export type Schedule = {
  readonly name: string;
  readonly expression: string;
  readonly run: (signal: AbortSignal) => Promise<void>;
};

/** What an unowned artifact has to live. */
const ARTIFACT_GRACE_MS = 24 * 3_600_000;

/** What control does by the clock. Long work is only put into the queue here; a worker does it. */
export function composeSchedules(
  platform: Platform,
  control: Control,
  { uploads, registry, deployments, monitoring, retraining }: Lifecycle,
): Schedule[] {
  const { artifacts, now, log } = platform;
  const compaction = createCompactionStarter(platform);
  return [
    {
      name: "deployments.compact",
      expression: "* * * * *",
      run: async () => {
        await compaction.startIfDue();
      },
    },
    { name: "registry.forget-deliveries", expression: "41 3 * * *", run: registry.forgetDeliveries },
    { name: "deployments.prune-logs", expression: "23 3 * * *", run: deployments.pruneLogs },
    {
      name: "deployments.match-held-truth",
      expression: "* * * * *",
      run: deployments.matchHeld,
    },
    {
      name: "deployments.forget-gateways",
      expression: "27 * * * *",
      run: deployments.forgetGateways,
    },
    // A silent stream closes its windows by the clock.
    { name: "monitoring.wake-due", expression: "* * * * *", run: monitoring.wakeDue },
    { name: "monitoring.wake-all", expression: "7 * * * *", run: monitoring.wakeAll },
    {
      name: "retraining.tick",
      expression: "* * * * *",
      run: (signal) => retraining.tick(systemCall(SYSTEM_SCOPE, "retraining.tick", signal)),
    },
    {
      name: "experiments.sweep-uploads",
      expression: "13 * * * *",
      run: async () => {
        const { removed } = await uploads.sweep(new Date(now().getTime() - ARTIFACT_GRACE_MS));
        if (removed > 0) log.info({ removed }, "uploads that nobody completed were removed");
      },
    },
    {
      name: "platform.sweep-artifacts",
      expression: "17 * * * *",
      run: async (signal) => {
        const { removed } = await artifacts.sweep(new Date(now().getTime() - ARTIFACT_GRACE_MS), signal);
        if (removed > 0) log.info({ removed }, "artifacts that nobody needs were removed");
      },
    },
    {
      name: "platform.sweep-expired",
      expression: "37 * * * *",
      run: async () => {
        await control.access.sweepExpired();
        await control.idempotency.sweep();
      },
    },
  ];
}

/** The services that only control has: who may call it, and what it answered already. */
export type Control = ReturnType<typeof composeControl>;

/** The secrets of the data folder's files, and when this process took the database for itself alone. */
export type ControlParts = {
  readonly adminToken: string;
  readonly gatewayToken: string;
  readonly aloneSince: Date | null;
};

/** Builds what only control has. */
export function composeControl(platform: Platform, parts: ControlParts) {
  const { database, events, audit } = platform;
  const { adminToken, gatewayToken, aloneSince } = parts;
  const access = createAccess({ ...platform, adminToken, gatewayToken });
  const idempotency = createIdempotency({ db: database.db, audit, aloneSince });
  const projects = createProjects({ database, events });
  return { access, idempotency, projects };
}
