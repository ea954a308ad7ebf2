import { artifactFilePath } from "../../lifecycle/experiments/index.ts";
import type { Call } from "../../platform/access/index.ts";
import { attachmentHeaders } from "./attachment-headers.ts";
import { checkRegistryTag, inWireWords, OneModel, OneVersion, RegistrySearch } from "./registry-input.ts";
import type { RegistryServices } from "./registry-services.ts";
import { readStage, viewVersion } from "./registry-view.ts";
import { type MlflowRoute, mlflowRoute, WireReply } from "./route.ts";
import { pageSize } from "./validation.ts";
import {
  fromWireEntries,
  orLeftOut,
  requiredText,
  WireEntry,
  wireBoolean,
  wireList,
  wireText,
} from "./wire.ts";

const RESULTS = 10_000;
const MOST_RESULTS = 200_000;

const read = { permission: "registry:read" } as const;
const write = { permission: "registry:write" } as const;
/** What the token of a pipeline's step may do as well. */
const register = { permission: "registry:register" } as const;
const test = "E1/registry";

/** Model versions on the wire. */
export function versionRoutes({ registry, tracking }: RegistryServices): MlflowRoute[] {
  type Named = { name: string; version: number };

  async function answer(named: Named, call: Call) {
    const version = await inWireWords(
      named,
      registry.findVersion({ model: named.name, version: named.version }, call),
    );
    const { loggedModel: model } = version;
    // What a logged model says of itself belongs to those who may read experiments.
    const readable = model !== null && call.permissions.has("experiments:read");
    const logged = readable
      ? await tracking.getLoggedModel({ model }, call).catch(() => undefined)
      : undefined;
    return { model_version: viewVersion(version, logged) };
  }

  const InTag = OneVersion.extend({ key: requiredText });

  return [
    mlflowRoute({
      ...register,
      method: "POST",
      path: "/2.0/mlflow/model-versions/create",
      input: OneModel.extend({
        source: requiredText,
        run_id: wireText,
        tags: wireList(WireEntry),
        run_link: wireText,
        description: wireText,
        model_id: wireText,
      }),
      async handle({ name, source, tags, description = "", ...given }, call) {
        for (const { key, value } of tags) checkRegistryTag(key, value);
        const { version } = await registry.createFromSource(
          {
            model: name,
            source,
            description,
            tags: fromWireEntries(tags),
            run: orNothing(given.run_id),
            loggedModel: orNothing(given.model_id),
            runLink: orNothing(given.run_link),
          },
          call,
        );
        return answer({ name, version }, call);
      },
      test,
    }),
    mlflowRoute({
      ...write,
      method: "PATCH",
      path: "/2.0/mlflow/model-versions/update",
      input: OneVersion.extend({ description: wireText }),
      async handle({ name, version, description = "" }, call) {
        await inWireWords(
          { name, version },
          registry.updateVersion({ model: name, version, description }, call),
        );
        return answer({ name, version }, call);
      },
      test,
    }),
    mlflowRoute({
      ...write,
      method: "DELETE",
      path: "/2.0/mlflow/model-versions/delete",
      input: OneVersion,
      handle: ({ name, version }, call) =>
        inWireWords({ name, version }, registry.deleteVersion({ model: name, version }, call)),
      test,
    }),
    mlflowRoute({
      ...read,
      method: "GET",
      path: "/2.0/mlflow/model-versions/get",
      input: OneVersion,
      handle: ({ name, version }, call) => answer({ name, version }, call),
      test,
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/model-versions/transition-stage",
      input: OneVersion.extend({ stage: requiredText, archive_existing_versions: wireBoolean }),
      async handle(
        { name, version, stage: given, archive_existing_versions: archiveExisting = false },
        call,
      ) {
        const stage = readStage(given);
        const change = { model: name, version, stage, archiveExisting };
        await inWireWords({ name, version }, registry.setStage(change, call));
        return answer({ name, version }, call);
      },
      test,
    }),
    mlflowRoute({
      ...read,
      method: "GET",
      path: "/2.0/mlflow/model-versions/search",
      input: RegistrySearch,
      async handle({ filter = "", max_results, order_by, page_token: after }, call) {
        const limit = pageSize(max_results, { otherwise: RESULTS, most: MOST_RESULTS });
        const { items, next } = await registry.searchVersions(
          { filter, orderBy: order_by, limit, after },
          call,
        );
        const model_versions = orLeftOut(items.map((version) => viewVersion(version)));
        return { model_versions, next_page_token: next ?? undefined };
      },
      test,
    }),
    mlflowRoute({
      ...read,
      method: "GET",
      path: "/2.0/mlflow/model-versions/get-download-uri",
      input: OneVersion,
      async handle({ name, version }, call) {
        const address = registry.findAddress({ model: name, version }, call);
        return { artifact_uri: await inWireWords({ name, version }, address) };
      },
      test,
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/model-versions/set-tag",
      input: InTag.extend({ value: wireText }),
      async handle({ name, version, key, value = "" }, call) {
        checkRegistryTag(key, value);
        const change = { model: name, version, tags: { [key]: value } };
        await inWireWords({ name, version }, registry.updateVersion(change, call));
      },
      test,
    }),
    mlflowRoute({
      ...write,
      method: "DELETE",
      path: "/2.0/mlflow/model-versions/delete-tag",
      input: InTag,
      async handle({ name, version, key }, call) {
        checkRegistryTag(key, "");
        const change = { model: name, version, removeTags: [key] };
        await inWireWords({ name, version }, registry.updateVersion(change, call));
      },
      test,
    }),
    mlflowRoute({
      ...read,
      method: "GET",
      path: "/model-versions/get-artifact",
      prefixes: [""],
      input: OneVersion.extend({ path: requiredText }),
      async handle({ name, version, path: given }, call) {
        const path = artifactFilePath(given);
        const file = await inWireWords(
          { name, version },
          registry.downloadFile({ model: name, version, path }, call),
        );
        return new WireReply({
          headers: {
            ...attachmentHeaders(path),
            "content-length": file.bytes,
          },
          body: file.stream,
        });
      },
      test,
    }),
  ];
}

const orNothing = (text: string | undefined): string | undefined => (text === "" ? undefined : text);
