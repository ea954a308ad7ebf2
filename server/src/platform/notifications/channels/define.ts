import type { ChannelKind } from "@causeway/contract";
import type { Outbound, OutboundAnswer } from "../../outbound/index.ts";

/** A message as a channel gets it. */
export type Message = {
  readonly id: string;
  readonly project: string;
  readonly environment: string;
  /** Name of the channel that it goes to. */
  readonly channel: string;
  /** REST path of what it is about. */
  readonly subject: string;
  readonly title: string;
  readonly text: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** Page with more; opening it changes nothing. */
  readonly url: string | null;
  /** `resolved` where it tells that an earlier one is over. */
  readonly status: "firing" | "resolved";
  readonly createdAt: Date;
  /** Where the installation answers. */
  readonly home: string;
};

/** A param of a channel; the value of a secret one is kept encrypted and never shown. */
export type ChannelParam = { readonly title: string; readonly secret: boolean };

/** A way to tell people. */
export type ChannelDefinition = {
  readonly kind: ChannelKind;
  readonly params: { readonly url: ChannelParam };
  /** The body to post, from the message alone. */
  readonly render: (message: Message) => unknown;
  /** Whether an answer means that the message arrived; else why not, without the address. */
  readonly judge: (answer: OutboundAnswer) => "arrived" | { readonly problem: string };
};

/** Declares a member of the catalog. */
export function defineChannel(definition: ChannelDefinition): ChannelDefinition {
  return definition;
}

/** Sends a message through a channel and answers what came back. */
export function post(
  definition: ChannelDefinition,
  sending: {
    readonly outbound: Pick<Outbound, "postJson">;
    readonly url: URL;
    readonly message: Message;
    readonly signal: AbortSignal;
  },
): Promise<OutboundAnswer> {
  const { outbound, url, message, signal } = sending;
  return outbound.postJson(url, definition.render(message), signal);
}

/** An answer in the words of a person who looks for what is wrong. */
export function answerText({ status, text }: OutboundAnswer): string {
  const said = text.replaceAll(/\s+/g, " ").trim().slice(0, 200);
  return `it answered ${status}${said === "" ? "" : `: ${said}`}`;
}
