import { Problem } from "@causeway/contract";
import { z } from "zod";

/** What control says to its parent once it can be called. */
export const ControlReady = z.object({
  kind: z.literal("ready"),
  url: z.string(),
  databaseUrl: z.string(),
  gatewayToken: z.string(),
  /** Whose database it is: of the data folder, or the team's. */
  databaseKind: z.enum(["embedded", "external"]),
});
export type ControlReady = z.infer<typeof ControlReady>;

/** What a worker says once it claims work. */
export const WorkerReady = z.object({ kind: z.literal("ready") });

/** What a gateway says once it listens. */
export const GatewayReady = z.object({ kind: z.literal("ready"), port: z.int() });
export type GatewayReady = z.infer<typeof GatewayReady>;

/** What any of them says before it gives up while starting. */
export const ChildFailed = z.object({ kind: z.literal("failed"), problem: Problem });
