export { type Access, createAccess } from "./access.ts";
export { type Call, requirePermission, SYSTEM_SCOPE, systemCall } from "./call.ts";
export { ensureCredentialFile } from "./credential-file.ts";
export { ANYBODY, decideScope, type Principal } from "./principal.ts";
export { digestSecret } from "./secret.ts";
export { createStepTokens, type StepTokens } from "./step-tokens.ts";
