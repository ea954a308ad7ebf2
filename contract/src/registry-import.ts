import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { ImportSource } from "./experiments-import.ts";
import { ModelVersion, RegistryStage, RegistryTags } from "./registry.ts";
import { ModelName, Timestamp } from "./resource.ts";

export const registryImport = {
  importModel: endpoint({
    method: "POST",
    path: "/api/registry/imports/models",
    permission: "registry:write",
    summary: "Makes a model as another registry kept it; one that is here already stays as it is.",
    input: z.object({
      model: ModelName,
      description: z.string().max(10_000).default(""),
      tags: RegistryTags.default({}),
    }),
    output: z.object({ model: ModelName, existed: z.boolean() }),
    repeatable: true,
  }),
  importVersion: endpoint({
    method: "POST",
    path: "/api/registry/imports/versions",
    permission: "registry:write",
    summary:
      "Makes a version with the number that it has elsewhere, from the files of the imported run or logged model; one that is here already stays.",
    input: z.object({
      model: ModelName,
      version: z.int().positive(),
      source: ImportSource,
      /** Id of its run where it comes from. */
      sourceRun: z.string().max(200).nullable(),
      /** Id of the logged model here. */
      loggedModel: z.string().max(200).nullable(),
      /** Folder of the run's files that the model lies in, where it is no logged model. */
      path: z.string().max(1000).nullable(),
      /** The address of its files there, kept where they are not taken over. */
      sourceUri: z.string().max(65_535),
      description: z.string().max(10_000).default(""),
      tags: RegistryTags.default({}),
      registryStage: RegistryStage.default("none"),
      createdAt: Timestamp,
    }),
    output: z.object({ version: ModelVersion, existed: z.boolean() }),
    repeatable: true,
  }),
};
