import type { ReactNode } from "react";
import { Command } from "./copy.tsx";

/** Nothing here yet: the unfinished bridge, one sentence, and the command that begins. */
export function EmptyState({
  title,
  text,
  command,
  children,
}: {
  title: string;
  text: string;
  command?: string;
  children?: ReactNode;
}) {
  return (
    <div className="empty">
      <UnfinishedBridge />
      <b>{title}</b>
      <p className="second">{text}</p>
      {command === undefined ? null : <Command line={command} />}
      {children}
    </div>
  );
}

/** A first span that stands and a second that is only dotted. */
function UnfinishedBridge() {
  return (
    <svg width="132" height="52" viewBox="0 0 132 52" aria-hidden="true">
      <path d="M2 14H66" stroke="var(--line-strong)" strokeWidth="2" />
      <path
        d="M66 14H130"
        stroke="var(--line-strong)"
        strokeWidth="2"
        strokeDasharray="2 5"
        strokeLinecap="round"
      />
      <path
        d="M6 46C6 22 62 22 62 46M70 46C70 22 126 22 126 46"
        fill="none"
        stroke="var(--line-strong)"
        opacity=".6"
      />
      <path d="M4 20V50M66 20V50M128 20V50" stroke="var(--line-strong)" opacity=".6" />
      <circle cx="4" cy="14" r="5" fill="var(--surface)" stroke="var(--accent)" strokeWidth="2" />
    </svg>
  );
}
