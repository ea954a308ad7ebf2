export { z } from "zod";
export type { Client, ImportFileOptions } from "./client.ts";
export type { Connection } from "./connection.ts";
export { createClient, type NodeClient } from "./node-client.ts";
