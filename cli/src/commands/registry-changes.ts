import { fail, REGISTRY_STAGES, type RegistryStage } from "@causeway/contract";
import { Argument, type Command } from "commander";
import { action, type Session } from "../session.ts";
import { versionOf } from "./alias-reference.ts";

const repeated = (text: string, given: string[]) => [...given, text];

/** `causeway registry create`, `tag`, `describe`, `stage`, `rename` and `delete`. */
export function addChangeCommands(registry: Command): void {
  registry
    .command("create <model>")
    .description("make a model that has no version yet")
    .option("--description <text>", "what it is for", "")
    .option("--tag <name=value>", "a tag; repeatable", repeated, [])
    .action(
      action(
        async (
          { client, out }: Session,
          [name]: [string],
          options: { description: string; tag: string[] },
        ) => {
          const { description, tag } = options;
          const made = await client.registry.createModel({ name, description, tags: tagsOf(tag) });
          out.answer(made, () => `${made.name} is there; it has no version yet`);
        },
      ),
    );
  registry
    .command("tag <model[@version]> [name=value...]")
    .description("set and remove tags of a model or a version, for example: tag churn@3 team=growth")
    .option("--remove <name>", "a tag to remove; repeatable", repeated, [])
    .action(
      action(
        async (
          { client, out }: Session,
          [thing, given]: [string, string[]],
          options: { remove: string[] },
        ) => {
          const change = { tags: tagsOf(given), removeTags: options.remove };
          const changed = await changeThing(client, thing, change);
          out.answer(changed, () => tagText(thing, changed.tags));
        },
      ),
    );
  registry
    .command("describe <model[@version]> <text>")
    .description("say what a model or a version is for")
    .action(
      action(async ({ client, out }: Session, [thing, description]: [string, string]) => {
        const changed = await changeThing(client, thing, { description });
        out.answer(changed, () => `${thing}: ${changed.description}`);
      }),
    );
  registry
    .command("stage <model@version>")
    .addArgument(new Argument("<stage>", "label of old clients; it moves no alias").choices(REGISTRY_STAGES))
    .description("label a version with a registry stage")
    .option("--archive-existing", "archive the versions that were in the stage")
    .action(
      action(
        async (
          { client, out }: Session,
          [thing, stage]: [string, RegistryStage],
          { archiveExisting = false }: { archiveExisting?: boolean },
        ) => {
          const changed = await client.registry.setStage({ ...versionOf(thing), stage, archiveExisting });
          out.answer(changed, () => `${thing} is labelled ${changed.registryStage}`);
        },
      ),
    );
  registry
    .command("rename <model> <name>")
    .description("give a model another name, with its versions, aliases and lineage")
    .action(
      action(async ({ client, out }: Session, [model, to]: [string, string]) => {
        const renamed = await client.registry.renameModel({ model, to });
        out.answer(renamed, () => `${model} is ${renamed.name} now`);
      }),
    );
  registry
    .command("delete <model[@version]>")
    .description("remove a model with all its versions, or one version; what is served stays")
    .action(
      action(async ({ client, out }: Session, [thing]: [string]) => {
        const version = versionIn(thing);
        if (version === undefined) await client.registry.deleteModel({ model: thing });
        else await client.registry.deleteVersion(version);
        out.answer({}, () => `${thing} is removed`);
      }),
    );
}

type Change = { description?: string; tags?: Record<string, string>; removeTags?: string[] };

function changeThing(client: Session["client"], thing: string, change: Change) {
  const version = versionIn(thing);
  return version === undefined
    ? client.registry.updateModel({ model: thing, ...change })
    : client.registry.updateVersion({ ...version, ...change });
}

/** `model@version` taken apart; undefined where only a model is named. */
function versionIn(thing: string): { model: string; version: number } | undefined {
  return /@\d+$/.test(thing) ? versionOf(thing) : undefined;
}

function tagsOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf("=");
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
      throw fail("INVALID_FIELD", {
        message: `${text} is no tag`,
        field: "name=value",
        value: text,
        help: "write for example: causeway registry tag churn@3 team=growth",
      });
    }),
  );
}

function tagText(thing: string, tags: Readonly<Record<string, string>>): string {
  const shown = Object.entries(tags).map(([name, value]) => `${name}=${value}`);
  return shown.length === 0 ? `${thing} has no tags` : `${thing}: ${shown.join(", ")}`;
}
