import { z } from "zod";
import type { ArtifactTreeService, Traces } from "../../lifecycle/experiments/index.ts";
import { readWirePath } from "./artifact-path.ts";
import { sendFile } from "./artifact-reply.ts";
import { mlflowError } from "./errors.ts";
import { type MlflowRoute, mlflowRoute, WireReply } from "./route.ts";
import { toFileSpan } from "./trace-file.ts";
import { wireText } from "./wire.ts";

const FILE = "traces.json";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.\w{1,16})?$/i;

/** The file of a trace, as a page saves it, and what its spans attached. */
export function traceFileRoutes({
  traces,
  artifactTree: tree,
}: {
  readonly traces: Traces;
  readonly artifactTree: ArtifactTreeService;
}): MlflowRoute[] {
  return [
    mlflowRoute({
      method: "GET",
      path: "/2.0/mlflow/get-trace-artifact",
      prefixes: ["/ajax-api"],
      permission: "experiments:read",
      input: z.object({ request_id: wireText, path: wireText }),
      async handle({ request_id: id = "", path = "" }, call, { headers }) {
        if (id === "") {
          throw mlflowError("BAD_REQUEST", 'Request must include the "request_id" query parameter.');
        }
        const owner = { kind: "trace", id } as const;
        if (path !== "") {
          const attached = { owner, path: `attachments/${attachmentOf(readWirePath(path))}` };
          return sendFile(tree, attached, { call, headers });
        }
        const [found] = await traces.listWhole([id], call);
        if (found === undefined) {
          throw mlflowError("RESOURCE_DOES_NOT_EXIST", `Trace with ID ${id} is not found.`);
        }
        // Clients before MLflow 3 wrote the file themselves.
        if (found.spans.length === 0) return sendFile(tree, { owner, path: FILE }, { call, headers });
        return new WireReply({
          headers: {
            "content-type": "text/plain; charset=utf-8",
            "content-disposition": `attachment; filename=${FILE}`,
          },
          body: JSON.stringify({ spans: found.spans.map(toFileSpan) }),
        });
      },
      test: "E1/traces",
    }),
  ];
}

function attachmentOf(path: string): string {
  if (UUID.test(path)) return path;
  throw mlflowError(
    "INVALID_PARAMETER_VALUE",
    `Invalid attachment path: '${path.slice(0, 200)}'. Attachment path must be a valid UUID.`,
  );
}
