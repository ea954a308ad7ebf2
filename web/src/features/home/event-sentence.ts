import type { EventType } from "@causeway/contract";
import type { MessageKey } from "../../lib/words.tsx";

/** The message of an event type: `registry.version-assigned` is told by `events.registry.versionAssigned`. */
export function sentenceOf(type: EventType): MessageKey {
  const [stage, rest = ""] = type.split(".");
  const name = rest.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  // Each event type has its message: a test goes through all of them.
  return `events.${stage}.${name}` as MessageKey;
}
