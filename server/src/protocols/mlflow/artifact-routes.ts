import { Readable } from "node:stream";
import { CausewayError } from "@causeway/contract";
import { z } from "zod";
import {
  type ArtifactPlace,
  type ArtifactTreeService,
  artifactFilePath,
  nameOfPath,
  placeOfProxyPath,
} from "../../lifecycle/experiments/index.ts";
import type { Call } from "../../platform/access/index.ts";
import { readWirePath } from "./artifact-path.ts";
import { sendFile } from "./artifact-reply.ts";
import { mlflowError } from "./errors.ts";
import { readWhole } from "./read-whole.ts";
import { type MlflowRoute, mlflowRoute, WireReply } from "./route.ts";
import { orLeftOut, requiredText, wireText } from "./wire.ts";

/** What files are answered from. */
export type ArtifactServices = {
  readonly artifactTree: ArtifactTreeService;
};

/** Largest file that a page of MLflow sends, in bytes. */
const LARGEST_PAGE_UPLOAD = 10 * 1024 * 1024;
const TEST = "E1/artifacts";
const InPath = z.object({ artifact_path: z.string() });

/** Files of the wire: the proxy, and what pages read of runs and logged models. */
export function artifactRoutes({ artifactTree: tree }: ArtifactServices): MlflowRoute[] {
  async function listOf(place: ArtifactPlace, call: Call) {
    const children = await tree.list(place, call);
    return children.map(({ path, folder, bytes }) => ({
      path,
      is_dir: folder,
      file_size: bytes ?? undefined,
    }));
  }

  return [
    mlflowRoute({
      method: "GET",
      path: "/2.0/mlflow-artifacts/artifacts",
      permission: "experiments:read",
      input: z.object({ path: wireText }),
      async handle({ path = "" }, call) {
        const files = await listOf(placeOfProxyPath(readWirePath(path)), call).catch(nothingWhereNobody);
        // The proxy names what is in the folder, not the way to it.
        return { files: orLeftOut(files.map((file) => ({ ...file, path: nameOfPath(file.path) }))) };
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "GET",
      path: "/2.0/mlflow-artifacts/artifacts/*",
      permission: "experiments:read",
      input: InPath,
      handle: ({ artifact_path: path }, call, { headers }) =>
        sendFile(tree, placeOfProxyPath(readWirePath(path)), { call, headers }),
      test: TEST,
    }),
    mlflowRoute({
      method: "PUT",
      path: "/2.0/mlflow-artifacts/artifacts/*",
      permission: "experiments:write",
      input: InPath,
      body: "bytes",
      async handle({ artifact_path: path }, call, { body }) {
        await tree.put(placeOfProxyPath(readWirePath(path)), call, body);
        return {};
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "DELETE",
      path: "/2.0/mlflow-artifacts/artifacts/*",
      permission: "experiments:write",
      input: InPath,
      async handle({ artifact_path: path }, call) {
        await tree.remove(placeOfProxyPath(readWirePath(path)), call);
        return {};
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "GET",
      path: "/2.0/mlflow/artifacts/list",
      permission: "experiments:read",
      input: z.object({ run_id: requiredText, path: wireText }),
      async handle({ run_id: id, path = "" }, call) {
        const owner = { kind: "run" as const, id };
        const root = await tree.rootOf(owner, call);
        return { root_uri: root, files: orLeftOut(await listOf({ owner, path: readWirePath(path) }, call)) };
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "GET",
      path: "/2.0/mlflow/logged-models/:model_id/artifacts/directories",
      permission: "experiments:read",
      input: z.object({ model_id: requiredText, artifact_directory_path: wireText }),
      async handle({ model_id: id, artifact_directory_path: path = "" }, call) {
        const owner = { kind: "model" as const, id };
        const root = await tree.rootOf(owner, call);
        return { root_uri: root, files: orLeftOut(await listOf({ owner, path: readWirePath(path) }, call)) };
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "GET",
      path: "/2.0/mlflow/logged-models/:model_id/artifacts/files",
      prefixes: ["/ajax-api"],
      permission: "experiments:read",
      input: z.object({ model_id: requiredText, artifact_file_path: requiredText }),
      handle: ({ model_id: id, artifact_file_path: path }, call, { headers }) =>
        sendFile(tree, { owner: { kind: "model", id }, path: readWirePath(path) }, { call, headers }),
      test: TEST,
    }),
    mlflowRoute({
      method: "GET",
      path: "/get-artifact",
      prefixes: [""],
      permission: "experiments:read",
      input: z.object({ run_id: requiredText, path: requiredText }),
      handle: ({ run_id: id, path }, call, { headers }) =>
        sendFile(tree, { owner: { kind: "run", id }, path: readWirePath(path) }, { call, headers }),
      test: TEST,
    }),
    mlflowRoute({
      method: "POST",
      path: "/2.0/mlflow/upload-artifact",
      prefixes: ["/ajax-api"],
      permission: "experiments:write",
      input: z.object({ run_uuid: wireText, path: wireText }),
      body: "bytes",
      async handle({ run_uuid: id, path }, call, { body, headers }) {
        if (id === undefined || id === "") throw invalid("Request must specify run_uuid.");
        if (path === undefined || path === "") throw invalid("Request must specify path.");
        // A wrong path is told before a missing body.
        const place = { owner: { kind: "run" as const, id }, path: artifactFilePath(readWirePath(path)) };
        const bytes = await readSmall(body, Number(headers["content-length"] ?? 0));
        await tree.put(place, call, Readable.from([bytes]));
        return new WireReply({ headers: { "content-type": "application/json" } });
      },
      test: TEST,
    }),
  ];
}

/** A file that a page sends. */
async function readSmall(body: Readable, announced: number): Promise<Buffer> {
  if (announced > LARGEST_PAGE_UPLOAD) throw tooLarge();
  const bytes = await readWhole(body, LARGEST_PAGE_UPLOAD, tooLarge);
  if (bytes.length === 0) throw invalid("Request must specify data.");
  return bytes;
}

const invalid = (message: string) => mlflowError("INVALID_PARAMETER_VALUE", message);
const tooLarge = () => invalid("Artifact size is too large. Max size is 10MB.");

/** A folder that is not there is an empty one, as on a disk; so is one of a run that is not there. */
function nothingWhereNobody(error: unknown): [] {
  if (error instanceof CausewayError && error.code === "NOT_FOUND") return [];
  throw error;
}
