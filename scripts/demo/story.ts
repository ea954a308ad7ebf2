import type { Event } from "@causeway/contract";
import type { NodeClient } from "@causeway/sdk";

/** Tells what happens in the loop, as the platform's own events say it. */
export function followStory(client: NodeClient, say: (line: string) => void) {
  const stopped = new AbortController();
  const telling = (async () => {
    for await (const event of client.platform.streamEvents({}, { signal: stopped.signal })) {
      const line = lineOf(event);
      if (line !== null) say(line);
    }
  })().catch((error: unknown) => {
    if (!stopped.signal.aborted) throw error;
  });
  return {
    telling,
    async stop() {
      stopped.abort();
      await telling;
    },
  };
}

function lineOf({ type, data, actor }: Event): string | null {
  const text = (name: string) => String(data[name] ?? "");
  switch (type) {
    case "monitoring.alert-raised":
      return `▲ alert: ${text("title")}`;
    case "retraining.cycle-started":
      return `↻ policy ${actor.name} retrains: ${text("reason")}`;
    case "registry.gate-judged":
      // After the switch the version before is asked whether it would have been better: it should not be.
      if (Number(data["version"]) < Number(data["champion"]))
        return `· version ${text("version")} beside version ${text("champion")}: ${text("summary")}`;
      return `${data["passed"] === true ? "✓" : "✗"} gate: ${text("summary")}`;
    case "registry.version-assigned":
      return `⇄ ${text("alias")} is version ${text("version")} now`;
    case "retraining.cycle-ended":
      return `■ cycle ${text("number")}: ${text("state")}`;
    default:
      return null;
  }
}
