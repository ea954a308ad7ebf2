/** REST path of a model; what is registered is named by these paths in events, lineage and artifact owners. */
export function modelPath(model: string): string {
  return `/api/registry/models/${encodeURIComponent(model)}`;
}

/** REST path of a version of a model. */
export function versionPath({ model, version }: { model: string; version: number }): string {
  return `${modelPath(model)}/versions/${version}`;
}

/** REST path of an alias of a model. */
export function aliasPath({ model, alias }: { model: string; alias: string }): string {
  return `${modelPath(model)}/aliases/${encodeURIComponent(alias)}`;
}

/** REST path of a gate. */
export function gatePath(gate: string): string {
  return `/api/registry/gates/${gate}`;
}

/** REST path of a request for approval. */
export function approvalPath(approval: string): string {
  return `/api/registry/approvals/${approval}`;
}

/** REST path of a webhook. */
export function webhookPath(webhook: string): string {
  return `/api/registry/webhooks/${webhook}`;
}
