import {
  type GoldenRow,
  type ModelFile,
  type ModelFormat,
  type ModelVersion,
  type Preparation,
  READY,
  type RunRecord,
  type Signature,
} from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import type { Lineage, LineageEdge } from "../../platform/lineage/index.ts";
import { versionNode } from "../data/index.ts";
import { runPath } from "../experiments/index.ts";
import { PREPARING } from "./preparing.ts";
import { modelPath, versionPath } from "./registry-paths.ts";
import { registryStore } from "./registry-store.ts";
import { versionDigest } from "./version-digest.ts";

/** What a version is made of; its number and digest are given here. */
export type NewVersion = {
  readonly model: string;
  readonly format: ModelFormat;
  /** Kept as artifacts already. */
  readonly files: readonly ModelFile[];
  readonly signature: Signature;
  readonly golden: readonly GoldenRow[];
  readonly report: ModelVersion["report"];
  /** Artifact of the profile that monitors compare with. */
  readonly reference?: string | null;
  /** Where it stands on its way to being served; a file of ONNX or YDF is ready at once. */
  readonly preparation?: Preparation;
  /** The judged version that it repeats on all rows. */
  readonly refitOf?: number | null;
  /** The experiment run that it was trained in. */
  readonly run: { readonly id: string; readonly name: string } | null;
  /** A run that a client names and that is not here. */
  readonly absentRun?: string | null;
  readonly pipelineRun: ModelVersion["pipelineRun"];
  readonly record: RunRecord;
  readonly description: string;
  readonly tags?: ModelVersion["tags"];
  /** The address that a client of MLflow registered it from. */
  readonly source?: string | null;
  /** The logged model that its files were taken from. */
  readonly loggedModel?: string | null;
  readonly runLink?: string | null;
  /** REST path and title of the dataset version that it was evaluated on. */
  readonly evaluatedOn: { readonly subject: string; readonly title: string } | null;
};

/** What registering writes to. */
export type VersionParts = {
  readonly artifacts: Pick<Artifacts, "retain">;
  readonly events: Pick<Events, "record">;
  readonly lineage: Pick<Lineage, "link">;
  readonly now: () => Date;
};

/**
 * Makes the service that adds the next version of a model in a caller's transaction. Numbers have no gaps, because a transaction that
 * fails gives its number back; writers of one model wait for each other from here to their commit.
 */
export function createVersionService({ artifacts, events, lineage, now }: VersionParts) {
  async function add(tx: Tx, call: Call, draft: NewVersion): Promise<ModelVersion> {
    const createdAt = now();
    const { project } = call.scope;
    const store = registryStore(tx);
    const { version, made } = await store.raiseVersion({
      project,
      name: draft.model,
      createdAt,
      createdBy: call.actor,
    });
    if (made) {
      const data = { model: draft.model, tags: {}, description: "" };
      const subject = modelPath(draft.model);
      await events.record(tx, call, { type: "registry.model-created", subject, data });
    }
    const { evaluatedOn, absentRun = null, ...content } = draft;
    const stored = {
      ...content,
      preparation: draft.preparation ?? (draft.format === "mlflow" ? PREPARING : READY),
      reference: draft.reference ?? null,
      refitOf: draft.refitOf ?? null,
      tags: draft.tags ?? {},
      registryStage: "none" as const,
      source: draft.source ?? null,
      loggedModel: draft.loggedModel ?? null,
      runLink: draft.runLink ?? null,
      run: draft.run?.id ?? absentRun,
      files: [...draft.files],
      golden: [...draft.golden],
      version,
      digest: versionDigest(draft),
      bytes: draft.files.reduce((sum, file) => sum + file.bytes, 0),
      createdAt: createdAt.toISOString(),
      createdBy: call.actor,
      updatedAt: createdAt.toISOString(),
    };
    await store.insertVersion(project, stored);
    const subject = versionPath(stored);
    const digests = draft.files.map(({ digest }) => digest);
    if (stored.reference !== null) digests.push(stored.reference);
    await artifacts.retain(tx, { project, subject }, digests);
    await lineage.link(tx, call.scope, edgesOf(stored, draft));
    await events.record(tx, call, {
      type: "registry.version-registered",
      subject,
      data: {
        model: stored.model,
        version,
        digest: stored.digest,
        format: stored.format,
        run: stored.run,
        tags: stored.tags,
        description: stored.description,
      },
    });
    return { ...stored, aliases: [] };
  }

  return { add };
}

type Made = Pick<ModelVersion, "model" | "version" | "pipelineRun" | "record">;

function edgesOf(made: Made, { run, evaluatedOn }: NewVersion): LineageEdge[] {
  const from = {
    kind: "model-version" as const,
    subject: versionPath(made),
    title: `${made.model} version ${made.version}`,
  };
  const edges: LineageEdge[] = made.record.data.flatMap(({ dataset, digest }) =>
    dataset === null ? [] : [{ from, to: versionNode(dataset, digest), relation: "trained-on" }],
  );
  if (run !== null) {
    const to = { kind: "run" as const, subject: runPath(run.id), title: run.name };
    edges.push({ from, to, relation: "trained-in" });
  }
  if (made.pipelineRun !== null) {
    const { pipeline, number } = made.pipelineRun;
    const to = {
      kind: "pipeline-run" as const,
      subject: `/api/pipelines/pipelines/${pipeline}/runs/${number}`,
      title: `${pipeline} run ${number}`,
    };
    edges.push({ from, to, relation: "registered-by" });
  }
  if (evaluatedOn !== null)
    edges.push({ from, to: { kind: "dataset-version", ...evaluatedOn }, relation: "evaluated-on" });
  return edges;
}
