import type { Environment } from "@causeway/contract";

/** Aliases as tags: champion is what lives, challenger what is proposed. */
export function AliasTags({
  aliases,
  withVersion = false,
  withEnvironment = false,
}: {
  aliases: ReadonlyArray<{ alias: string; environment: Environment; version?: number }>;
  withVersion?: boolean;
  withEnvironment?: boolean;
}) {
  return (
    <span className="tags">
      {aliases.map(({ alias, environment, version }) => (
        <span key={`${alias}:${environment}`} className={`tag ${toneOf(alias)}`.trim()}>
          {alias}
          {withVersion && version !== undefined ? ` v${version}` : ""}
          {withEnvironment ? ` · ${environment}` : ""}
        </span>
      ))}
    </span>
  );
}

function toneOf(alias: string): string {
  if (alias === "champion") return "live";
  return alias === "challenger" ? "candidate" : "";
}
