import { type Actor, type ApprovalState, fail } from "@causeway/contract";

/** What is asked, as far as it matters to who may answer. */
export type Question = {
  readonly state: ApprovalState;
  readonly digest: string;
  readonly fourEyes: boolean;
  readonly notBy: readonly Actor[];
  /** By the database's clock. */
  readonly hasExpired: boolean;
  readonly expiresAt: Date;
};

/** Refuses an answer that may not be given: too late, about other content, or by the wrong one. */
export function checkDecision(
  question: Question,
  answer: { readonly actor: Actor; readonly digest: string },
): void {
  const { actor, digest } = answer;
  if (question.state !== "pending") {
    throw fail("CONFLICT", {
      message: `The request is ${question.state} already`,
      field: "approval",
      value: question.state,
      help: "Ask again where the alias should still move: npx --no causeway registry request <model@alias> <version>",
    });
  }
  if (question.hasExpired) {
    throw fail("CONFLICT", {
      message: `The request expired at ${question.expiresAt.toISOString()}`,
      field: "approval",
      value: "expired",
      help: "Ask again: npx --no causeway registry request <model@alias> <version>",
    });
  }
  if (question.digest !== digest) {
    throw fail("CONFLICT", {
      message: `The request is about the content ${question.digest.slice(0, 12)}, and the decision about ${digest.slice(0, 12)}`,
      field: "digest",
      value: digest,
      help: "Open the request again and decide about what it shows.",
    });
  }
  if (!isPerson(actor)) {
    throw fail("PERMISSION_DENIED", {
      message: `${actor.name} is a ${actor.kind}: only a person decides`,
      field: "actor",
      value: actor.kind,
      help: "Sign in, or use a named token with registry:approve.",
    });
  }
  if (question.fourEyes && question.notBy.some((other) => isSame(other, actor))) {
    throw fail("PERMISSION_DENIED", {
      message: `${actor.name} asked for this or wrote the policy that did, and the rule wants a second person`,
      field: "actor",
      value: actor.name,
      help: "Another person with registry:approve decides: npx --no causeway token create <name> --allow registry:approve",
    });
  }
}

/** Until there are users, a person is the holder of the admin token or of a named one. */
function isPerson({ kind }: Actor): boolean {
  return kind === "user" || kind === "token";
}

function isSame(one: Actor, other: Actor): boolean {
  return one.kind === other.kind && one.id === other.id;
}
