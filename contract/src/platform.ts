import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Event } from "./events.ts";
import { Permission } from "./permissions.ts";
import { Actor, Environment, Json, Name, Paging, page, Timestamp } from "./resource.ts";

export const Token = z.object({
  id: z.uuid(),
  name: z.string(),
  permissions: z.array(Permission),
  /** Null: every project. */
  project: Name.nullable(),
  /** Null: every environment. */
  environment: Environment.nullable(),
  createdAt: Timestamp,
  createdBy: Actor,
  expiresAt: Timestamp.nullable(),
  lastUsedAt: Timestamp.nullable(),
  revokedAt: Timestamp.nullable(),
});
export type Token = z.infer<typeof Token>;

/** The scope of names and rights. */
export const Project = z.object({ name: Name, createdAt: Timestamp, createdBy: Actor });
export type Project = z.infer<typeof Project>;

/** Who is calling, and what they may do. */
export const Identity = z.object({
  actor: Actor,
  permissions: z.array(Permission),
  project: Name,
  environment: Environment,
});
export type Identity = z.infer<typeof Identity>;

export const About = z.object({
  version: z.string(),
  url: z.string(),
  gatewayUrl: z.string().nullable(),
  startedAt: Timestamp,
  node: z.string(),
  database: z.object({ kind: z.enum(["embedded", "external"]), version: z.string() }),
});
export type About = z.infer<typeof About>;

export const AuditRecord = z.object({
  id: z.uuid(),
  recordedAt: Timestamp,
  actor: Actor,
  action: z.string(),
  subject: z.string(),
  project: Name,
  environment: Environment.nullable(),
  requestId: z.string().nullable(),
  data: z.record(z.string(), Json),
});
export type AuditRecord = z.infer<typeof AuditRecord>;

/** Kinds of things that lineage connects. */
export const LINEAGE_KINDS = [
  "dataset-version",
  "run",
  "pipeline-run",
  "pipeline-version",
  "artifact",
  "model-version",
  "deployment",
  "code",
] as const;

/** A thing in the lineage graph: `subject` is its REST path, `title` what a person calls it. */
export const LineageNode = z.object({
  kind: z.enum(LINEAGE_KINDS),
  subject: z.string(),
  title: z.string(),
});
export type LineageNode = z.infer<typeof LineageNode>;

export const Lineage = z.object({
  nodes: z.array(LineageNode),
  /** `from` was made from, or serves, `to`: edges point from effect to cause. Both are subjects. */
  edges: z.array(z.object({ from: z.string(), to: z.string(), relation: z.string() })),
});
export type Lineage = z.infer<typeof Lineage>;

/** The ways to tell people. */
export const CHANNEL_KINDS = ["slack", "webhook"] as const;
export const ChannelKind = z.enum(CHANNEL_KINDS);
export type ChannelKind = z.infer<typeof ChannelKind>;

/** Where messages go. Its address is a secret: it is kept encrypted and never shown. */
export const Channel = z.object({
  name: Name,
  kind: ChannelKind,
  /** Host of the address, so that a person knows which one it is. */
  host: z.string(),
  createdAt: Timestamp,
  createdBy: Actor,
  /** How the newest message fared; null before the first. */
  last: z
    .object({ at: Timestamp, state: z.enum(["sent", "failed"]), problem: z.string().nullable() })
    .nullable(),
});
export type Channel = z.infer<typeof Channel>;

/** A message on its way to a channel. It is tried again with growing pauses and given up after about an hour. */
export const Notification = z.object({
  id: z.uuid(),
  channel: Name,
  /** REST path of what it is about. */
  subject: z.string(),
  title: z.string(),
  text: z.string(),
  state: z.enum(["queued", "sent", "failed"]),
  attempts: z.int(),
  problem: z.string().nullable(),
  createdAt: Timestamp,
  sentAt: Timestamp.nullable(),
});
export type Notification = z.infer<typeof Notification>;

export const platform = {
  about: endpoint({
    method: "GET",
    path: "/api/platform/about",
    permission: "platform:read",
    summary: "Version, addresses and start time of this installation.",
    input: z.object({}),
    output: About,
  }),
  whoAmI: endpoint({
    method: "GET",
    path: "/api/platform/identity",
    permission: "platform:read",
    summary: "The caller's identity, permissions and default scope.",
    input: z.object({}),
    output: Identity,
  }),
  listProjects: endpoint({
    method: "GET",
    path: "/api/platform/projects",
    permission: "platform:read",
    summary: "Projects by name.",
    input: Paging,
    output: page(Project),
  }),
  createProject: endpoint({
    method: "POST",
    path: "/api/platform/projects",
    permission: "platform:admin",
    summary: "Makes a project; every other call names it by `?project=`.",
    input: z.object({ name: Name }),
    output: Project,
  }),
  listTokens: endpoint({
    method: "GET",
    path: "/api/platform/tokens",
    permission: "platform:admin",
    summary: "Named tokens, newest first, without their secrets.",
    input: Paging,
    output: page(Token),
  }),
  createToken: endpoint({
    method: "POST",
    path: "/api/platform/tokens",
    permission: "platform:admin",
    summary: "Makes a named token; its secret is shown once.",
    input: z.object({
      name: z.string().min(1).max(100),
      permissions: z.array(Permission).min(1),
      onlyProject: Name.nullable().default(null),
      onlyEnvironment: Environment.nullable().default(null),
      expiresAt: Timestamp.nullable().default(null),
    }),
    output: z.object({ token: Token, secret: z.string() }),
  }),
  revokeToken: endpoint({
    method: "POST",
    path: "/api/platform/tokens/:token/revoke",
    permission: "platform:admin",
    summary: "Ends a token at once.",
    input: z.object({ token: z.string() }),
    output: Token,
    repeatable: true,
  }),
  createSignInLink: endpoint({
    method: "POST",
    path: "/api/platform/sign-in-links",
    permission: "platform:admin",
    summary: "Makes a link that signs one browser in, once, within its ten minutes.",
    input: z.object({}),
    output: z.object({ url: z.string(), expiresAt: Timestamp }),
    repeatable: true,
  }),
  listEvents: endpoint({
    method: "GET",
    path: "/api/platform/events",
    permission: "platform:read",
    summary: "What happened, newest first: the event outbox.",
    input: Paging.extend({ stage: z.string().optional(), subject: z.string().optional() }),
    output: page(Event),
  }),
  streamEvents: endpoint({
    method: "GET",
    path: "/api/platform/events/stream",
    permission: "platform:read",
    summary: "What happens from now on, or from after the event with the given id, as server-sent events.",
    input: z.object({ after: z.string().optional() }),
    output: Event,
    answer: "events",
  }),
  listAudit: endpoint({
    method: "GET",
    path: "/api/platform/audit",
    permission: "platform:admin",
    summary: "Who changed what, newest first.",
    input: Paging.extend({ subject: z.string().optional() }),
    output: page(AuditRecord),
  }),
  createChannel: endpoint({
    method: "POST",
    path: "/api/platform/channels",
    permission: "platform:admin",
    summary: "Makes a channel for alerts and approvals; its address is kept encrypted.",
    input: z.object({ name: Name, kind: ChannelKind, url: z.url().max(2_000) }),
    output: Channel,
  }),
  listChannels: endpoint({
    method: "GET",
    path: "/api/platform/channels",
    permission: "platform:read",
    summary: "Channels by name, without their addresses.",
    input: Paging,
    output: page(Channel),
  }),
  testChannel: endpoint({
    method: "POST",
    path: "/api/platform/channels/:channel/test",
    permission: "platform:admin",
    summary: "Sends a test message through a channel and waits for the answer.",
    input: z.object({ channel: Name }),
    output: Notification,
    repeatable: true,
  }),
  deleteChannel: endpoint({
    method: "DELETE",
    path: "/api/platform/channels/:channel",
    permission: "platform:admin",
    summary: "Removes a channel and its address.",
    input: z.object({ channel: Name }),
    output: z.object({}),
  }),
  listNotifications: endpoint({
    method: "GET",
    path: "/api/platform/notifications",
    permission: "platform:read",
    summary: "Messages that were sent, wait or failed, newest first.",
    input: Paging.extend({ channel: Name.optional(), subject: z.string().optional() }),
    output: page(Notification),
  }),
  getLineage: endpoint({
    method: "GET",
    path: "/api/platform/lineage",
    permission: "platform:read",
    summary: "Everything that a thing was made from and everything made from it, by its REST path.",
    input: z.object({
      subject: z.string(),
      direction: z.enum(["causes", "effects", "both"]).default("both"),
    }),
    output: Lineage,
  }),
};
