import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import { artifactFilePath, type Tracking, type Uploads } from "../../lifecycle/experiments/index.ts";
import { readWirePath } from "./artifact-path.ts";
import { mlflowError } from "./errors.ts";
import { type MlflowRoute, mlflowRoute, WireReply } from "./route.ts";
import { requiredInteger, requiredText, wireInteger, wireList, wireText } from "./wire.ts";

/** Most parts of one upload, as many as S3 takes. */
const MOST_PARTS = 10_000;
/** A week, as stores that sign addresses have it. */
const LONGEST_EXPIRATION = 604_800;
const TEST = "E1/artifacts";
const InFolder = z.object({ artifact_path: z.string(), path: requiredText });

/** What uploads are answered from. */
export type UploadServices = {
  readonly uploads: Uploads;
  readonly tracking: Pick<Tracking, "getRun" | "getLoggedModel">;
};

/** Uploads in parts, and the answers of a store that signs no addresses. */
export function artifactUploadRoutes({ uploads, tracking }: UploadServices): MlflowRoute[] {
  return [
    mlflowRoute({
      method: "POST",
      path: "/2.0/mlflow-artifacts/mpu/create/*",
      permission: "experiments:write",
      input: InFolder.extend({ num_parts: requiredInteger }),
      async handle({ num_parts: parts, ...named }, call, { headers }) {
        if (parts < 1 || parts > MOST_PARTS) {
          throw mlflowError(
            "INVALID_PARAMETER_VALUE",
            `num_parts must be between 1 and ${MOST_PARTS}, not ${parts}. Send larger parts: MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE.`,
          );
        }
        const { id } = await uploads.begin({ path: pathOf(named), parts }, call);
        return {
          upload_id: id,
          credentials: Array.from({ length: parts }, (_, index) => ({
            url: `${baseOf(headers)}/api/2.0/mlflow-artifacts/mpu/parts/${id}/${index + 1}`,
            part_number: index + 1,
            headers: credentialsOf(headers),
          })),
        };
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "PUT",
      path: "/2.0/mlflow-artifacts/mpu/parts/:upload_id/:part_number",
      prefixes: ["/api"],
      permission: "experiments:write",
      input: z.object({ upload_id: requiredText, part_number: requiredInteger }),
      body: "bytes",
      async handle({ upload_id: upload, part_number: number }, call, { body }) {
        const { digest } = await uploads.putPart({ upload, number }, call, body);
        return new WireReply({
          headers: { etag: `"${digest}"`, "content-type": "application/json" },
          body: "{}",
        });
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "POST",
      path: "/2.0/mlflow-artifacts/mpu/complete/*",
      permission: "experiments:write",
      input: InFolder.extend({
        upload_id: requiredText,
        parts: wireList(z.object({ part_number: requiredInteger, etag: wireText })),
      }),
      async handle({ upload_id: upload, parts, ...named }, call) {
        const given = parts.map(({ part_number: number, etag = "" }) => ({ number, etag }));
        await uploads.complete({ upload, path: pathOf(named), parts: given }, call);
        return {};
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "POST",
      path: "/2.0/mlflow-artifacts/mpu/abort/*",
      permission: "experiments:write",
      input: InFolder.extend({ upload_id: requiredText }),
      async handle({ upload_id: upload, ...named }, call) {
        await uploads.abort({ upload, path: pathOf(named) }, call);
        return {};
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "GET",
      path: "/2.0/mlflow-artifacts/presigned/*",
      permission: "experiments:read",
      input: z.object({ artifact_path: z.string() }),
      async handle({ artifact_path: path }) {
        artifactFilePath(path);
        throw mlflowError(
          "NOT_IMPLEMENTED",
          "Multipart download is not supported for the current artifact repository",
        );
      },
      test: TEST,
    }),
    ...(["upload", "download"] as const).map((direction) =>
      mlflowRoute({
        method: "POST",
        path: `/2.0/mlflow/artifacts/presigned-${direction}-url`,
        permission: direction === "upload" ? "experiments:write" : "experiments:read",
        input: z.object({
          run_id: wireText,
          model_id: wireText,
          path: requiredText,
          expiration: wireInteger,
        }),
        async handle({ run_id: run, model_id: model, path, expiration }, call) {
          // A wrong request is told before a store that signs nothing.
          artifactFilePath(path);
          checkExpiration(expiration);
          if (isGiven(run) === isGiven(model)) {
            throw mlflowError(
              "INVALID_PARAMETER_VALUE",
              "Exactly one of run_id and model_id must be provided.",
            );
          }
          if (isGiven(run)) await tracking.getRun({ run }, call);
          if (isGiven(model)) await tracking.getLoggedModel({ model }, call);
          throw mlflowError(
            "INVALID_PARAMETER_VALUE",
            `Presigned ${direction} is not supported for proxied artifact storage (artifact URI scheme: mlflow-artifacts). This endpoint requires a direct cloud storage artifact URI.`,
          );
        },
        test: TEST,
      }),
    ),
  ];
}

const isGiven = (id: string | undefined): id is string => id !== undefined && id !== "";

function checkExpiration(seconds: number | undefined): void {
  if (seconds === undefined || (seconds >= 1 && seconds <= LONGEST_EXPIRATION)) return;
  throw mlflowError(
    "INVALID_PARAMETER_VALUE",
    `expiration must be between 1 and ${LONGEST_EXPIRATION} seconds (got ${seconds}).`,
  );
}

/** Clients name the folder in the address, and their own file, whose name it keeps, in the body. */
function pathOf({ artifact_path: folder, path }: { artifact_path: string; path: string }): string {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return readWirePath(`${folder.replace(/\/+$/, "")}/${name}`);
}

/** How the caller reached this server; it reaches it the same way with the parts. */
function baseOf({ host, "x-forwarded-proto": forwarded }: IncomingHttpHeaders): string {
  const scheme = [forwarded].flat()[0] === "https" ? "https" : "http";
  return `${scheme}://${host ?? "localhost"}`;
}

/** Clients send parts with these headers and no others: what the caller came with lets the parts in too. */
function credentialsOf(headers: IncomingHttpHeaders): Record<string, string> {
  const workspace = [headers["x-mlflow-workspace"]].flat()[0];
  return {
    ...(headers.authorization === undefined ? {} : { Authorization: headers.authorization }),
    ...(workspace === undefined ? {} : { "X-MLFLOW-WORKSPACE": workspace }),
  };
}
