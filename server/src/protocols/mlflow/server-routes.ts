import { z } from "zod";
import { type MlflowRoute, mlflowRoute } from "./route.ts";

/** The release of MLflow whose wire is spoken here; clients switch tracing on by it. */
export const MLFLOW_WIRE_VERSION = "3.17.2";

/** What the server can do, as clients ask before large uploads and before they name a workspace. */
export const serverRoutes: readonly MlflowRoute[] = [
  mlflowRoute({
    method: "GET",
    path: "/3.0/mlflow/server-info",
    permission: "experiments:read",
    input: z.object({}),
    handle: async () => ({
      store_type: "SqlStore",
      workspaces_enabled: true,
      trace_archival_enabled: false,
      multipart_uploads_enabled: true,
      multipart_downloads_enabled: false,
    }),
    test: "E1/client",
  }),
];
