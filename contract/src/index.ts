export { AlertFact, AlertFacts, NotJudged, QualityFact } from "./alert-facts.ts";
export { CYCLE_ENDS, CycleFact, LearnedRows, StoryFact } from "./cycle-facts.ts";
export {
  BadRow,
  COLUMN_TYPES,
  Column,
  ColumnProfile,
  ColumnType,
  Dataset,
  DatasetVersion,
  data,
  FileFormat,
  Finding,
  FindingFact,
  Import,
  ImportOptions,
  MISFIT_SENTENCES,
  Part,
  Profile,
  Split,
  SplitRequest,
} from "./data.ts";
export {
  ApiKey,
  DEPLOYMENT_STATES,
  Deployment,
  DeploymentState,
  DesiredDeployment,
  DesiredState,
  deployments,
  GatewayReport,
  PredictAnswer,
  Revision,
} from "./deployments.ts";
export {
  JudgedPrediction,
  LATENCY_BOUNDS_MS,
  LogState,
  TrafficPoint,
  TrafficReport,
  Truth,
  TruthColumns,
  TruthImport,
  TruthReceipt,
  TruthRecord,
  TruthSource,
  TruthValue,
} from "./deployments-truth.ts";
export { ColumnDrift, ColumnShape, DriftScore } from "./drift.ts";
export { Duration, durationMs, Period } from "./duration.ts";
export {
  type Answer,
  type Endpoint,
  type EndpointTable,
  endpoint,
  type Method,
  pathParameters,
} from "./endpoint.ts";
export {
  CausewayError,
  ERROR_CODES,
  ERRORS,
  type ErrorCode,
  type ErrorDetails,
  Failure,
  fail,
  fromProblem,
  Issue,
  Problem,
  toProblem,
} from "./errors.ts";
export { Estimate } from "./estimate.ts";
export { EVENT_TYPES, Event, EventType } from "./events.ts";
export {
  ArtifactPath,
  Experiment,
  ExperimentName,
  experiments,
  Metric,
  MetricPoint,
  RUN_STATES,
  Run,
  RunArtifact,
  RunDataset,
  RunModel,
  RunRecord,
  RunRecordChange,
  RunState,
  RunUsage,
} from "./experiments.ts";
export {
  experimentsImport,
  IMPORT_SOURCES,
  ImportedDataset,
  ImportedRun,
  ImportedRunState,
  ImportSource,
} from "./experiments-import.ts";
export {
  CURVE_AXES,
  Curve,
  CurveAxis,
  CurvePoint,
  experimentsSearch,
  LifeView,
  RunView,
  SavedView,
  SearchFilter,
  SearchKeys,
} from "./experiments-search.ts";
export {
  Cleanup,
  experimentsUpkeep,
  LoggedModel,
  RunChanges,
} from "./experiments-upkeep.ts";
export {
  AliasRule,
  APPROVAL_STATES,
  Approval,
  ApprovalFact,
  ApprovalState,
  Gate,
  GateRequest,
  GateRule,
  JudgedRows,
  Judgement,
  MetricName,
  RuleVerdict,
} from "./gates.ts";
export { IssueRule, issueRule } from "./issue-rule.ts";
export { STAGES, type Stage } from "./lifecycle.ts";
export { LoggedPrediction } from "./logged-prediction.ts";
export {
  ALERT_KINDS,
  ALERT_STATES,
  Alert,
  AlertKind,
  AlertState,
  Coverage,
  MetricMoment,
  Monitor,
  MonitorSettings,
  MonitorWindow,
  MonitorWindowDetail,
  monitoring,
} from "./monitoring.ts";
export { GRANTABLE_PERMISSIONS, PERMISSIONS, Permission } from "./permissions.ts";
export { orderSteps, upstreamOf } from "./pipeline-check.ts";
export {
  Attempt,
  LogLine,
  OutputFile,
  PIPELINE_RUN_STATES,
  Pipeline,
  PipelineDefinition,
  PipelineRun,
  PipelineRunEvent,
  PipelineRunState,
  PipelineVersion,
  PORT_KINDS,
  Port,
  PortKind,
  pipelines,
  Resources,
  Source,
  STEP_STATES,
  StepDefinition,
  StepOutput,
  StepRun,
  StepState,
  StepWork,
} from "./pipelines.ts";
export {
  About,
  AuditRecord,
  CHANNEL_KINDS,
  Channel,
  ChannelKind,
  Identity,
  LINEAGE_KINDS,
  Lineage,
  LineageNode,
  Notification,
  Project,
  platform,
  Token,
} from "./platform.ts";
export { HeldFact, TriggerFact } from "./policy-facts.ts";
export { PREPARATION_STATES, Preparation, PreparationState, READY, ScanFinding } from "./preparation.ts";
export {
  Alias,
  AliasChange,
  EvaluationReport,
  FieldType,
  GoldenRow,
  MODEL_FORMATS,
  Model,
  ModelFile,
  ModelFormat,
  ModelVersion,
  Prediction,
  REGISTRY_STAGES,
  RegistryStage,
  RegistryTags,
  registry,
  Signature,
  SignatureInput,
  SignatureParam,
} from "./registry.ts";
export { registryChanges } from "./registry-changes.ts";
export { registryEvaluation, VersionEvaluation } from "./registry-evaluation.ts";
export { registryImport } from "./registry-import.ts";
export {
  registryWebhooks,
  WEBHOOK_EVENTS,
  Webhook,
  WebhookDelivery,
  WebhookEvent,
  WebhookStatus,
  WebhookTrial,
} from "./registry-webhooks.ts";
export {
  Actor,
  AliasName,
  Digest,
  DigestPrefix,
  ENVIRONMENTS,
  Environment,
  Json,
  ModelName,
  Name,
  Paging,
  Progress,
  page,
  Real,
  Reference,
  Scope,
  Timestamp,
  WORK_STATES,
  WorkState,
} from "./resource.ts";
export {
  CYCLE_STATES,
  CYCLE_STEPS,
  Cycle,
  CycleState,
  CycleStep,
  CycleStepName,
  Policy,
  PolicySettings,
  retraining,
  TimelineEntry,
  TRIGGER_KINDS,
  Trigger,
  TriggerKind,
} from "./retraining.ts";
export {
  type Completion,
  type Completions,
  completeFilter,
  type FilterKeys,
} from "./search/complete-filter.ts";
export {
  type Comparison,
  type Filter,
  type Order,
  printField,
  printFilter,
  type SearchValue,
} from "./search/filter.ts";
export { parseFilter, SEARCH_LIMITS } from "./search/parse-filter.ts";
export { parseOrder } from "./search/parse-order.ts";
export { pointAt, SearchError } from "./search/search-error.ts";
export {
  type Comparator,
  type FieldGroup,
  SEARCH_ENTITIES,
  type SearchEntity,
  type SearchField,
} from "./search/search-fields.ts";
export { ENDPOINTS, type Endpoints } from "./tables.ts";
export { createUuidStamp } from "./uuid-stamp.ts";
