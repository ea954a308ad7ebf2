import { z } from "zod";
import { NAME_SENTENCE } from "./issue-rule.ts";

/** A name of a thing: lower case, digits, dot, underscore, dash; at most 63 characters. */
export const Name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, NAME_SENTENCE);
export type Name = z.infer<typeof Name>;

/** A name as MLflow allows it: any text without slash or colon. */
export const ModelName = z
  .string()
  .max(250)
  .regex(/^(?!\.{1,2}$)[^/:\0]*[^/:\0\s][^/:\0]*$/, "some text without '/' or ':'");
export type ModelName = z.infer<typeof ModelName>;

/** A name of an alias: letters, digits, dash, underscore or dot, as MLflow allows them, and more. */
export const AliasName = z
  .string()
  .regex(/^(?!\.{1,2}$)[\p{L}\p{N}_.-]{1,255}$/u, "use letters, digits, '_', '-' or '.', at most 255");
export type AliasName = z.infer<typeof AliasName>;

/** A sha256 in hexadecimal. */
export const Digest = z.string().regex(/^[0-9a-f]{64}$/, "a sha256 of 64 hexadecimal digits");
export type Digest = z.infer<typeof Digest>;

/** A digest or a prefix of it of 6 digits or more. */
export const DigestPrefix = z.string().regex(/^[0-9a-f]{6,64}$/, "6 to 64 hexadecimal digits");

/** `name@alias` or `name@version`. */
export const Reference = z
  .string()
  .regex(/^[^/:\0]{1,250}@[^@\s]{1,255}$/, "write name@alias or name@version, for example customers@latest");
export type Reference = z.infer<typeof Reference>;

/** A point in time, ISO 8601 in UTC with milliseconds. */
export const Timestamp = z.iso.datetime({ precision: 3 });
export type Timestamp = z.infer<typeof Timestamp>;

export const ENVIRONMENTS = ["dev", "staging", "prod"] as const;
export const Environment = z.enum(ENVIRONMENTS);
export type Environment = z.infer<typeof Environment>;

/** Where a thing lives; both absent means the token's, else `default` and `dev`. Every endpoint takes these in its query. */
export const Scope = z.object({ project: Name, environment: Environment });
export type Scope = z.infer<typeof Scope>;

/** Who did it. `id` is the user's or token's id, the pipeline run's `name/number`, or the policy's name. */
export const Actor = z.object({
  kind: z.enum(["user", "token", "pipeline-run", "policy", "system"]),
  id: z.string(),
  name: z.string(),
});
export type Actor = z.infer<typeof Actor>;

/** A number that may be NaN or infinite, which JSON carries as a string. */
export const Real = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);
export type Real = z.infer<typeof Real>;

/** A JSON value. */
export const Json = z.json();
export type Json = z.infer<typeof Json>;

/** Keyset paging: `after` is the `next` of the page before. */
export const Paging = z.object({
  limit: z.coerce.number<number>().int().min(1).max(1000).default(100),
  after: z.string().optional(),
});

/** A page of a list; `next` is null at the end. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** States that a long piece of work goes through. */
export const WORK_STATES = ["queued", "running", "succeeded", "failed", "cancelled"] as const;
export const WorkState = z.enum(WORK_STATES);
export type WorkState = z.infer<typeof WorkState>;

/** How far a long piece of work has come; `total` is null while unknown. `unit` is a plural noun such as `bytes` or `rows`. */
export const Progress = z.object({ done: z.number(), total: z.number().nullable(), unit: z.string() });
export type Progress = z.infer<typeof Progress>;
