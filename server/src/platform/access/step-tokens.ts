import type { Actor, Permission, Scope } from "@causeway/contract";
import type { Tx } from "../database/index.ts";
import { accessStore } from "./access-store.ts";
import { digestSecret, newSecret } from "./secret.ts";

/** A token that one attempt of one step holds while it runs. */
export type StepToken = {
  /** Names the attempt; `end` takes the same. */
  readonly attempt: string;
  /** Whom the step acts for. */
  readonly actor: Actor;
  readonly scope: Scope;
  readonly permissions: readonly Permission[];
  /** The latest moment at which it can be used, should nobody end it. */
  readonly expiresAt: Date;
};

/** Tokens of running steps. */
export type StepTokens = ReturnType<typeof createStepTokens>;

/** Makes the issuer of step tokens. */
export function createStepTokens({ newId }: { newId: () => string }) {
  /** Gives an attempt its token; the answer goes into the step's token file and nowhere else. */
  async function issue(tx: Tx, token: StepToken): Promise<string> {
    const secret = newSecret("step");
    await accessStore(tx).insertToken({
      id: newId(),
      kind: "step",
      name: token.attempt,
      secretSha256: digestSecret(secret),
      permissions: token.permissions,
      project: token.scope.project,
      environment: token.scope.environment,
      actor: token.actor,
      attempt: token.attempt,
      createdBy: token.actor,
      expiresAt: token.expiresAt,
    });
    return secret;
  }

  /** Ends what an attempt held, in the transaction that ends the attempt. */
  async function end(tx: Tx, attempt: string): Promise<void> {
    await accessStore(tx).deleteStepTokens(attempt);
  }

  return { issue, end };
}
