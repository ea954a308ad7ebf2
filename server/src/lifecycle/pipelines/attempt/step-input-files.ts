import { copyFile, link, mkdir } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { DatasetVersion, StepOutput } from "@causeway/contract";
import type { Call } from "../../../platform/access/index.ts";
import type { Artifacts } from "../../../platform/artifacts/index.ts";
import type { DatasetDoor } from "../../data/index.ts";
import { outputPath, parseDatasetPath } from "../pipeline-paths.ts";
import type { StepInput } from "../step-input.ts";
import type { AttemptPlan } from "./attempt-plan.ts";

type Parts = {
  readonly artifacts: Pick<Artifacts, "path" | "verify">;
  readonly datasets: Pick<DatasetDoor, "resolve">;
};

type Inputs = {
  readonly plan: Pick<AttemptPlan, "run" | "pipeline" | "definition" | "steps">;
  /** Where the files are put. */
  readonly folder: string;
  readonly call: Call;
};

/** Makes the placement of inputs: each file is verified once by this worker, then linked into the attempt's folder. */
export function createInputFiles({ artifacts, datasets }: Parts) {
  const verified = new Set<string>();

  async function place(digest: string, target: string): Promise<string> {
    if (!verified.has(digest)) {
      await artifacts.verify(digest);
      verified.add(digest);
    }
    const source = artifacts.path(digest);
    // A link costs nothing; another file system than the store's takes a copy.
    await link(source, target).catch(() => copyFile(source, target));
    return target;
  }

  /** A file as it is; a folder with its files under their own names. */
  async function placeOutput(output: StepOutput, target: string): Promise<string> {
    if (output.files === undefined) return place(output.digest, target);
    for (const { path, digest } of output.files) {
      const file = join(target, path);
      if (!file.startsWith(`${target}${sep}`))
        throw new Error(`the output names a file outside of itself: ${path}`);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await place(digest, file);
    }
    return target;
  }

  async function placeDataset(version: DatasetVersion, folder: string): Promise<StepInput> {
    const paths = version.parts.map((part, index) =>
      place(part.artifact, join(folder, `part-${String(index).padStart(6, "0")}.parquet`)),
    );
    return {
      kind: "dataset",
      digest: version.id,
      paths: await Promise.all(paths),
      subject: `/api/data/datasets/${version.dataset}/versions/${version.id}`,
      dataset: {
        name: version.dataset,
        version: version.id,
        rows: version.rows,
        key: version.key,
        schema: version.schema,
      },
    };
  }

  return async function placeInputs(inputs: Inputs): Promise<Record<string, StepInput>> {
    const { run, pipeline, definition, steps } = inputs.plan;
    const { call } = inputs;
    const entries = Object.entries(definition.inputs).map(async ([name, { port, source }]) => {
      const folder = join(inputs.folder, name);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if (source.from === "param") {
        const named = run.datasets[source.param];
        const version = await datasets.resolve(`${named?.dataset}@${named?.version}`, call);
        return [name, await placeDataset(version, folder)] as const;
      }
      const upstream = source.from === "step" ? source : { step: "", output: "" };
      const made = steps.find((step) => step.name === upstream.step);
      const output = made?.outputs[upstream.output];
      if (output === undefined)
        throw new Error(`${definition.name}.${name} is not there although its step was started`);
      const dataset = output.kind === "dataset" ? parseDatasetPath(output.subject ?? "") : undefined;
      if (dataset !== undefined) {
        const version = await datasets.resolve(`${dataset.dataset}@${dataset.version}`, call);
        return [name, await placeDataset(version, folder)] as const;
      }
      // A result from the cache has its history where it was made.
      const from = { pipeline: run.pipeline, run: made?.cachedFrom ?? run.number, step: upstream.step };
      const producer = pipeline.steps.find((step) => step.name === upstream.step);
      // Where any format will do, what came says which it is.
      const format = producer?.outputs[upstream.output]?.format ?? port.format;
      return [
        name,
        {
          kind: output.kind,
          ...(format === undefined ? {} : { format }),
          digest: output.digest,
          paths: [await placeOutput(output, join(folder, fileName(upstream.output, output)))],
          ...(output.files === undefined ? {} : { files: output.files }),
          subject: outputPath(from, upstream.output),
        },
      ] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  };
}

/** A name that tells a reader what the file is. */
function fileName(output: string, { kind }: StepOutput): string {
  return kind === "report" ? `${output}.json` : output;
}
