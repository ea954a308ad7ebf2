import { z } from "zod";
import type { MlflowAnswers } from "./mlflow-answers.ts";
import { loggedModelState, registryStage, runState } from "./mlflow-words.ts";
import { pathInRun } from "./mlruns-folder.ts";
import type {
  Source,
  SourceFile,
  SourceLoggedModel,
  SourceModel,
  SourcePoint,
  SourceRun,
  Texts,
} from "./source.ts";

const Text = z.coerce.string();
const Pairs = z.array(z.object({ key: z.string(), value: Text.default("") })).default([]);
const Time = z.coerce.number();
const Experiment = z.object({ experiment_id: Text, name: Text, tags: Pairs });
const Run = z.object({
  info: z.object({
    run_id: Text,
    run_name: Text.default(""),
    user_id: Text.default(""),
    status: Text,
    start_time: Time.default(0),
    end_time: Time.optional(),
    lifecycle_stage: Text.default("active"),
  }),
  data: z
    .object({ metrics: z.array(z.object({ key: z.string() })).default([]), params: Pairs, tags: Pairs })
    .prefault({}),
  inputs: z
    .object({
      dataset_inputs: z
        .array(
          z.object({
            tags: Pairs,
            dataset: z.object({
              name: Text,
              digest: Text,
              source_type: Text,
              source: Text,
              schema: Text.nullish(),
              profile: Text.nullish(),
            }),
          }),
        )
        .default([]),
      model_inputs: z.array(z.object({ model_id: Text })).default([]),
    })
    .prefault({}),
  outputs: z
    .object({ model_outputs: z.array(z.object({ model_id: Text, step: Time.default(0) })).default([]) })
    .prefault({}),
});
const LoggedModel = z.object({
  info: z.object({
    model_id: Text,
    experiment_id: Text,
    name: Text,
    model_type: Text.nullish(),
    status: Text.default("2"),
    source_run_id: Text.nullish(),
    creation_timestamp_ms: Time.default(0),
    tags: Pairs,
  }),
  data: z.object({ params: Pairs }).prefault({}),
});
const Files = z.object({
  files: z
    .array(z.object({ path: z.string(), is_dir: z.boolean().default(false), file_size: Time.optional() }))
    .default([]),
});
const Registered = z.object({
  name: Text,
  description: Text.default(""),
  tags: Pairs,
  aliases: z.array(z.object({ alias: Text, version: Time })).default([]),
});
const Version = z.object({
  version: z.coerce.number().int(),
  run_id: Text.default(""),
  model_id: Text.nullish(),
  source: Text.default(""),
  current_stage: Text.default("None"),
  description: Text.default(""),
  tags: Pairs,
  creation_timestamp: Time.default(0),
});

const PAGE = 1000;
const HISTORY_PAGE = 25_000;

/** A live MLflow server, asked by its REST API. */
export function mlflowServer(answers: MlflowAnswers): Source {
  const { json, file } = answers;
  const api = (path: string) => `/api/2.0/mlflow/${path}`;
  /** Every item of a list, page after page. */
  async function* pages<Item extends z.ZodType>(
    item: Item,
    member: string,
    askPage: (token: string | undefined) => { path: string; body?: unknown },
  ): AsyncIterable<z.output<Item>> {
    const page = z.looseObject({
      [member]: z.array(item).default([]),
      next_page_token: z.string().default(""),
    });
    let token: string | undefined;
    do {
      const { path, body } = askPage(token);
      const answer = await json(page, path, body);
      // The member's type is lost in the computed key; it is an array of the items by the schema.
      yield* answer[member] as z.output<Item>[];
      token = String(answer["next_page_token"] ?? "");
    } while (token !== "");
  }

  const experiments = () =>
    pages(Experiment, "experiments", (token) => ({
      path: api("experiments/search"),
      body: { max_results: PAGE, view_type: "ALL", ...(token === undefined ? {} : { page_token: token }) },
    }));

  async function* runs(): AsyncIterable<SourceRun> {
    for await (const experiment of experiments()) {
      const found = pages(Run, "runs", (token) => ({
        path: api("runs/search"),
        body: {
          experiment_ids: [experiment.experiment_id],
          run_view_type: "ALL",
          max_results: PAGE,
          // In order of time, so that runs that come meanwhile are at the end.
          order_by: ["attributes.start_time ASC"],
          ...(token === undefined ? {} : { page_token: token }),
        },
      }));
      for await (const run of found) yield runOf(experiment, run);
    }
  }

  function runOf(
    experiment: z.infer<typeof Experiment>,
    { info, data, inputs, outputs }: z.infer<typeof Run>,
  ) {
    const tags = textsOf(data.tags);
    return {
      id: info.run_id,
      experiment: experiment.name,
      experimentTags: textsOf(experiment.tags),
      name: info.run_name || tags["mlflow.runName"] || info.run_id.slice(0, 8),
      user: info.user_id,
      state: runState(info.status),
      startedAt: new Date(info.start_time),
      endedAt: info.end_time === undefined || info.end_time === 0 ? null : new Date(info.end_time),
      deleted: info.lifecycle_stage === "deleted",
      params: textsOf(data.params),
      tags,
      datasets: inputs.dataset_inputs.map(({ dataset, tags: pairs }) => ({
        name: dataset.name,
        digest: dataset.digest,
        sourceType: dataset.source_type,
        source: dataset.source,
        schema: dataset.schema ?? null,
        profile: dataset.profile ?? null,
        context: textsOf(pairs)["mlflow.data.context"] ?? null,
      })),
      models: [
        ...inputs.model_inputs.map(({ model_id: id }) => ({ id, direction: "input" as const, step: 0 })),
        ...outputs.model_outputs.map(({ model_id: id, step }) => ({
          id,
          direction: "output" as const,
          step,
        })),
      ],
      points: () =>
        pointsOf(
          info.run_id,
          data.metrics.map(({ key }) => key),
        ),
      files: () => filesOf(info.run_id, ""),
    };
  }

  async function* pointsOf(run: string, names: readonly string[]): AsyncIterable<SourcePoint> {
    const Point = z.object({
      value: z.union([z.number(), z.string()]).default(0),
      timestamp: Time,
      step: Time.default(0),
    });
    for (const name of names) {
      const query = `run_id=${run}&metric_key=${encodeURIComponent(name)}&max_results=${HISTORY_PAGE}`;
      const history = pages(Point, "metrics", (token) => ({
        path: api(
          `metrics/get-history?${query}${token === undefined ? "" : `&page_token=${encodeURIComponent(token)}`}`,
        ),
      }));
      for await (const { value, timestamp, step } of history)
        yield { name, value: Number(value), step, atMs: timestamp };
    }
  }

  async function* filesOf(run: string, folder: string): AsyncIterable<SourceFile> {
    const { files } = await json(
      Files,
      api(`artifacts/list?run_id=${run}&path=${encodeURIComponent(folder)}`),
    );
    for (const { path, is_dir: isFolder, file_size: bytes = null } of files) {
      if (isFolder) yield* filesOf(run, path);
      else {
        const from = `/get-artifact?run_id=${run}&path=${encodeURIComponent(path)}`;
        yield file({ path, bytes, from });
      }
    }
  }

  async function* loggedModels(): AsyncIterable<SourceLoggedModel> {
    for await (const experiment of experiments()) {
      const found = pages(LoggedModel, "models", (token) => ({
        path: api("logged-models/search"),
        body: {
          experiment_ids: [experiment.experiment_id],
          max_results: 50,
          ...(token === undefined ? {} : { page_token: token }),
        },
      }));
      for await (const { info, data } of found) {
        yield {
          id: info.model_id,
          experiment: experiment.name,
          name: info.name,
          modelType: info.model_type ?? null,
          state: loggedModelState(info.status),
          sourceRun: info.source_run_id ?? null,
          params: textsOf(data.params),
          tags: textsOf(info.tags),
          createdAt: new Date(info.creation_timestamp_ms),
          files: () => modelFiles(info.model_id, ""),
        };
      }
    }
  }

  async function* modelFiles(model: string, folder: string): AsyncIterable<SourceFile> {
    const place = api(`logged-models/${model}/artifacts`);
    const path = `${place}/directories?artifact_directory_path=${encodeURIComponent(folder)}`;
    const { files } = await json(Files, path);
    for (const { path: name, is_dir: isFolder, file_size: bytes = null } of files) {
      if (isFolder) yield* modelFiles(model, name);
      else {
        const from = `/ajax-api/2.0/mlflow/logged-models/${model}/artifacts/files?artifact_file_path=${encodeURIComponent(name)}`;
        yield file({ path: name, bytes, from });
      }
    }
  }

  async function* models(): AsyncIterable<SourceModel> {
    const found = pages(Registered, "registered_models", (token) => ({
      path: api(
        `registered-models/search?max_results=100${token === undefined ? "" : `&page_token=${encodeURIComponent(token)}`}`,
      ),
    }));
    for await (const { name, description, tags, aliases } of found) {
      const filter = encodeURIComponent(`name = '${name.replaceAll("'", "\\'")}'`);
      const versions: SourceModel["versions"] = [];
      const numbered = pages(Version, "model_versions", (token) => ({
        path: api(
          `model-versions/search?filter=${filter}&max_results=${PAGE}${token === undefined ? "" : `&page_token=${encodeURIComponent(token)}`}`,
        ),
      }));
      for await (const one of numbered) {
        versions.push({
          version: one.version,
          sourceRun: one.run_id === "" ? null : one.run_id,
          loggedModel: one.model_id || /^models:\/(m-[0-9a-f]{32})/.exec(one.source)?.[1] || null,
          path: pathInRun(one.source, one.run_id),
          sourceUri: one.source,
          description: one.description,
          tags: textsOf(one.tags),
          registryStage: registryStage(one.current_stage),
          createdAt: new Date(one.creation_timestamp),
        });
      }
      versions.sort((a, b) => a.version - b.version);
      yield { name, description, tags: textsOf(tags), aliases, versions };
    }
  }

  return { kind: "mlflow", name: answers.base, runs, loggedModels, models, close: answers.close };
}

function textsOf(pairs: z.infer<typeof Pairs>): Texts {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}
