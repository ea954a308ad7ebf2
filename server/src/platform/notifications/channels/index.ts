import type { ChannelKind } from "@causeway/contract";
import type { ChannelDefinition } from "./define.ts";
import { slack } from "./slack.ts";
import { webhook } from "./webhook.ts";

export { type ChannelDefinition, type Message, post } from "./define.ts";

/** Every way to tell people. */
export const CHANNELS: Readonly<Record<ChannelKind, ChannelDefinition>> = { slack, webhook };
