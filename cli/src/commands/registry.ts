import { readFileSync } from "node:fs";
import {
  type Estimate,
  fail,
  MODEL_FORMATS,
  type ModelFormat,
  type ModelVersion,
  Signature,
} from "@causeway/contract";
import { type Command, Option } from "commander";
import { bytes, metric } from "../formats.ts";
import { saveStream } from "../save-stream.ts";
import { action, all, type Session } from "../session.ts";
import { table } from "../table.ts";
import { aliasOf } from "./alias-reference.ts";
import { addChangeCommands } from "./registry-changes.ts";
import { addEvaluateCommand } from "./registry-evaluate.ts";
import { addGateCommands } from "./registry-gates.ts";
import { addPrepareCommand, preparationLines } from "./registry-prepare.ts";
import { addWebhookCommands } from "./registry-webhooks.ts";

/** `causeway registry …`. */
export function addRegistryCommands(program: Command): void {
  const registry = program
    .command("registry")
    .description("models: versions, aliases, cards, lineage, gates, approvals");
  registry
    .command("register <run>")
    .description("register a model file of a run as the next version of a model")
    .requiredOption("--model <name>", "name of the model")
    .requiredOption("--path <path>", "path of the model file, or folder of MLflow, among the run's artifacts")
    .addOption(new Option("--format <format>").choices(MODEL_FORMATS).makeOptionMandatory())
    .option("--signature <file>", "JSON file: task, target, classes, inputs; a folder of MLflow has its own")
    .option("--examples <file>", "JSON lines of up to 20 records that become the golden rows")
    .option("--description <text>", "what it is for")
    .action(action(register));
  registry
    .command("list")
    .description("models with their aliases")
    .action(
      action(async ({ client, out }: Session) => {
        const items = await all((paging) => client.registry.listModels(paging));
        out.answer({ items }, () =>
          table(
            ["model", "versions", "latest", "aliases"],
            items.map((model) => [
              model.name,
              model.versions,
              model.latest?.version,
              model.aliases.map((one) => `${one.environment}/${one.alias} → ${one.version}`).join(", "),
            ]),
            ["versions", "latest"],
          ),
        );
      }),
    );
  registry
    .command("versions <model>")
    .description("versions of a model, newest first")
    .action(
      action(async ({ client, out }: Session, [model]: [string]) => {
        const items = await all((paging) => client.registry.listVersions({ model, ...paging }));
        out.answer({ items }, () =>
          table(
            ["version", "state", "format", "size", "report", "aliases", "created"],
            items.map((one) => [
              one.version,
              one.preparation.state,
              one.format,
              bytes(one.bytes),
              one.report?.metrics.slice(0, 1).map(estimate).join(", "),
              one.aliases.map((alias) => alias.alias).join(", "),
              one.createdAt,
            ]),
            ["version", "size"],
          ),
        );
      }),
    );
  registry
    .command("show <model> <version>")
    .description("a version with its signature and report")
    .action(action(show));
  registry
    .command("card <model> <version>")
    .description("the model card as Markdown")
    .action(
      action(async ({ client, out }: Session, [model, version]: [string, string]) => {
        const card = await client.registry.getCard({ model, version: Number(version) });
        out.answer(card, () => card.markdown);
      }),
    );
  registry
    .command("lineage <model> <version>")
    .description("from deployment to version to run to code to data")
    .action(
      action(async ({ client, out }: Session, [model, version]: [string, string]) => {
        const lineage = await client.registry.getVersionLineage({ model, version: Number(version) });
        const title = new Map(lineage.nodes.map((node) => [node.subject, `${node.kind} ${node.title}`]));
        out.answer(lineage, () =>
          table(
            ["this", "relation", "that"],
            lineage.edges.map((edge) => [title.get(edge.from), edge.relation, title.get(edge.to)]),
          ),
        );
      }),
    );
  registry
    .command("assign <model@alias> <version>")
    .description("move an alias to a version, for example: assign churn@champion 1")
    .action(
      action(async ({ client, out }: Session, [reference, version]: [string, string]) => {
        const { model, alias } = aliasOf(reference);
        const assigned = await client.registry.assignAlias({ model, alias, version: Number(version) });
        out.answer(
          assigned,
          () => `${model}@${alias} is version ${assigned.version} in ${assigned.environment}`,
        );
      }),
    );
  registry
    .command("unassign <model@alias>")
    .description("remove an alias")
    .action(
      action(async ({ client, out }: Session, [reference]: [string]) => {
        const { model, alias } = aliasOf(reference);
        await client.registry.removeAlias({ model, alias });
        out.answer({}, () => `${model}@${alias} is removed`);
      }),
    );
  registry
    .command("download <model> <version> <path> <file>")
    .description("write a file of a version to disk")
    .action(
      action(async ({ client, out }: Session, given: [string, string, string, string]) => {
        const [model, version, path, file] = given;
        const { stream } = await client.registry.downloadFile({ model, version: Number(version), path });
        await saveStream(stream, file);
        out.answer({ file }, () => `wrote ${file}`);
      }),
    );
  addChangeCommands(registry);
  addPrepareCommand(registry);
  addEvaluateCommand(registry);
  addGateCommands(registry);
  addWebhookCommands(registry);
}

type RegisterOptions = {
  model: string;
  path: string;
  format: ModelFormat;
  signature?: string;
  examples?: string;
  description?: string;
};

async function register({ client, out }: Session, [run]: [string], options: RegisterOptions): Promise<void> {
  const version = await client.registry.register({
    model: options.model,
    run,
    path: options.path,
    format: options.format,
    ...(options.signature === undefined ? {} : { signature: readSignature(options.signature) }),
    examples:
      options.examples === undefined
        ? []
        : readText(options.examples)
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line)),
    description: options.description ?? "",
  });
  out.answer(version, () =>
    version.preparation.state === "ready"
      ? `${version.model} version ${version.version}, golden rows ${version.golden.length}`
      : `${version.model} version ${version.version}, ${version.preparation.state}: npx --no causeway registry show ${version.model} ${version.version}`,
  );
}

function readSignature(file: string): Signature {
  const signature = Signature.safeParse(readJson(file));
  if (signature.success) return signature.data;
  throw fail("INVALID_FIELD", {
    message: `${file} is not a signature: ${signature.error.issues[0]?.path.join(".")} ${signature.error.issues[0]?.message}`,
    field: "--signature",
    value: file,
    help: "see the registry chapter of the docs for its shape",
  });
}

async function show({ client, out }: Session, [model, wanted]: [string, string]): Promise<void> {
  const version: ModelVersion = await client.registry.getVersion({ model, version: Number(wanted) });
  out.answer(version, () =>
    [
      `${version.model} version ${version.version}  ${version.format}, ${bytes(version.bytes)}, ${version.digest.slice(0, 12)}`,
      `${version.signature.task}${version.signature.target === null ? "" : ` of ${version.signature.target}`}, golden rows ${version.golden.length}`,
      ...preparationLines(version),
      ...saidLines(version),
      ...(version.report?.metrics.map((one) => `  ${estimate(one)}`) ?? []),
      "",
      table(
        ["input", "type", "may be missing", "seen in training"],
        version.signature.inputs.map((input) => [
          input.name,
          input.type,
          input.nullable ? "yes" : "no",
          input.categories?.slice(0, 6).join(", ") ??
            (input.range && `${input.range.min} to ${input.range.max}`),
        ]),
      ),
    ].join("\n"),
  );
}

/** What is said of a version beside what it is. */
function saidLines({ source, registryStage, tags }: ModelVersion): string[] {
  const shown = Object.entries(tags).map(([name, value]) => `${name}=${value}`);
  return [
    ...(source === null ? [] : [`registered from ${source}`]),
    ...(registryStage === "none" ? [] : [`labelled ${registryStage}`]),
    ...(shown.length === 0 ? [] : [`tags ${shown.join(", ")}`]),
  ];
}

function estimate(one: Estimate): string {
  const interval =
    one.low === null || one.high === null ? "" : ` (${metric(one.low)} to ${metric(one.high)})`;
  return `${one.name} ${metric(one.value)}${interval}`;
}

function readJson(file: string): unknown {
  return JSON.parse(readText(file));
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw fail("INVALID_FIELD", {
      message: `${file} cannot be read`,
      value: file,
      help: "give the path of a readable file",
      cause,
    });
  }
}
