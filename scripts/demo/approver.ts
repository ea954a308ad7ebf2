import { setTimeout as pause } from "node:timers/promises";
import type { Approval } from "@causeway/contract";
import { createClient, type NodeClient } from "@causeway/sdk";

const LOOK_EVERY_MS = 250;
/** A person reads before deciding. */
const READS_MS = 600;

/**
 * A second person with a token of her own that may approve and nothing else: looks for requests through the API, reads, and
 * approves the digest that she was shown.
 */
export async function startApprover(
  admin: NodeClient,
  { url, name, onDecision }: { url: string; name: string; onDecision: (approval: Approval) => void },
) {
  const { secret } = await admin.platform.createToken({
    name,
    permissions: ["registry:read", "registry:approve"],
  });
  const person = createClient({ url, token: secret });
  const stopped = new AbortController();
  const watching = (async () => {
    while (!stopped.signal.aborted) {
      const { items } = await person.registry.listApprovals({ state: "pending" });
      for (const { id } of items) {
        await pause(READS_MS);
        const { digest, version } = await person.registry.getApproval({ approval: id });
        const reason = `version ${version} won on rows that it had not seen`;
        onDecision(
          await person.registry.decideApproval({ approval: id, decision: "approve", digest, reason }),
        );
      }
      await pause(LOOK_EVERY_MS);
    }
  })();
  return {
    /** Rejects when the person could not go on. */
    watching,
    async stop() {
      stopped.abort();
      await watching;
    },
  };
}
