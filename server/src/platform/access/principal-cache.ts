import type { Principal } from "./principal.ts";

/** How long what the database said of a token is believed: another process may have ended it since. */
const BELIEVED_MS = 1_000;

/** Most tokens that are remembered; more begin anew. */
const MOST = 1_000;

/** Makes the memory that spares a busy client one question to the database per request. */
export function createPrincipalCache({ now }: { readonly now: () => Date }) {
  const known = new Map<string, { readonly until: number; readonly found: Promise<Principal | undefined> }>();

  /** The holder of a token; asked for once by all who ask within the same moment. A token of nobody is not remembered. */
  function find(digest: string, look: () => Promise<Principal | undefined>): Promise<Principal | undefined> {
    const at = now().getTime();
    const kept = known.get(digest);
    if (kept !== undefined && at < kept.until) return kept.found;
    if (known.size >= MOST) known.clear();
    const found = look();
    const entry = { until: at + BELIEVED_MS, found };
    known.set(digest, entry);
    const forget = () => {
      if (known.get(digest) === entry) known.delete(digest);
    };
    found.then((principal) => principal ?? forget(), forget);
    return found;
  }

  return {
    find,
    /** Believes nothing any more: a token of this process was ended. */
    clear: () => known.clear(),
  };
}
