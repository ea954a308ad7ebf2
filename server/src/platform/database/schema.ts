import type { ApprovalsTables } from "./rows/approvals.ts";
import type { DataTables } from "./rows/data.ts";
import type { DeploymentsTables } from "./rows/deployments.ts";
import type { ExperimentsTables } from "./rows/experiments.ts";
import type { MigrationsTables } from "./rows/migrations.ts";
import type { MonitoringTables } from "./rows/monitoring.ts";
import type { NotificationsTables } from "./rows/notifications.ts";
import type { PipelinesTables } from "./rows/pipelines.ts";
import type { PlatformTables } from "./rows/platform.ts";
import type { RegistryTables } from "./rows/registry.ts";
import type { RetrainingTables } from "./rows/retraining.ts";
import type { TracesTables } from "./rows/traces.ts";
import type { WorkTables } from "./rows/work.ts";

/** Every table of the product, keyed by its name. */
export interface Schema
  extends MigrationsTables,
    PlatformTables,
    NotificationsTables,
    ApprovalsTables,
    DataTables,
    ExperimentsTables,
    TracesTables,
    PipelinesTables,
    RegistryTables,
    DeploymentsTables,
    MonitoringTables,
    RetrainingTables,
    WorkTables {}
