import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Model, ModelVersion, RegistryStage, RegistryTags } from "./registry.ts";
import { ModelName } from "./resource.ts";

const InModel = z.object({ model: ModelName });
const InModelVersion = InModel.extend({ version: z.coerce.number<number>().int().positive() });
const Description = z.string().max(10_000);

/** What can be said of a model or version after it was made; what is absent stays as it is. */
const Changes = z.object({
  description: Description.optional(),
  /** Tags to set; the others stay. */
  tags: RegistryTags.optional(),
  /** Names of tags to remove; one that is not there is no error. */
  removeTags: z.array(z.string()).max(100).optional(),
});

/** What changes about models and versions after they were made. */
export const registryChanges = {
  createModel: endpoint({
    method: "POST",
    path: "/api/registry/models",
    permission: "registry:write",
    summary: "Makes a model that has no version yet.",
    input: z.object({
      name: ModelName,
      description: Description.default(""),
      tags: RegistryTags.default({}),
    }),
    output: Model,
  }),
  updateModel: endpoint({
    method: "PATCH",
    path: "/api/registry/models/:model",
    permission: "registry:write",
    summary: "Changes description and tags of a model.",
    input: InModel.extend(Changes.shape),
    output: Model,
  }),
  renameModel: endpoint({
    method: "POST",
    path: "/api/registry/models/:model/rename",
    permission: "registry:write",
    summary:
      "Gives a model another name, with its versions, aliases and lineage; refused while something uses it.",
    input: InModel.extend({ to: ModelName }),
    output: Model,
  }),
  deleteModel: endpoint({
    method: "DELETE",
    path: "/api/registry/models/:model",
    permission: "registry:write",
    summary: "Removes a model with its versions and aliases; refused while something uses it.",
    input: InModel,
    output: z.object({}),
  }),
  updateVersion: endpoint({
    method: "PATCH",
    path: "/api/registry/models/:model/versions/:version",
    permission: "registry:write",
    summary: "Changes description and tags of a version.",
    input: InModelVersion.extend(Changes.shape),
    output: ModelVersion,
  }),
  setStage: endpoint({
    method: "POST",
    path: "/api/registry/models/:model/versions/:version/stage",
    permission: "registry:write",
    summary: "Labels a version with a registry stage, which moves no alias.",
    input: InModelVersion.extend({
      stage: RegistryStage,
      /** True: versions that were in the stage become archived; for staging and production. */
      archiveExisting: z.boolean().default(false),
    }),
    output: ModelVersion,
  }),
  deleteVersion: endpoint({
    method: "DELETE",
    path: "/api/registry/models/:model/versions/:version",
    permission: "registry:write",
    summary:
      "Removes a version and the aliases on it; its number never comes again. Refused while something uses it.",
    input: InModelVersion,
    output: z.object({}),
  }),
};
