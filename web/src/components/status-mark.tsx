import type { ReactNode } from "react";

/** The one set of states that anything can be in. Each has a shape of its own, so that colour never stands alone. */
export const STATUSES = ["ok", "warn", "crit", "running", "waiting", "idle", "cached", "blocked"] as const;
export type Status = (typeof STATUSES)[number];

const SHAPES: Record<Status, ReactNode> = {
  ok: (
    <>
      <circle cx="7" cy="7" r="6" fill="currentColor" />
      <path d="M4.2 7.2l2 2 3.6-4.1" fill="none" stroke="var(--surface)" strokeWidth="1.6" />
    </>
  ),
  warn: (
    <>
      <path d="M7 1l6.4 11.6H.6z" fill="currentColor" />
      <path d="M7 5v3.6M7 9.8v1.4" stroke="var(--surface)" strokeWidth="1.5" />
    </>
  ),
  crit: (
    <>
      <path d="M4.4 .8h5.2l3.6 3.6v5.2l-3.6 3.6H4.4L.8 9.6V4.4z" fill="currentColor" />
      <path d="M7 3.4v4.4M7 9v1.7" stroke="var(--surface)" strokeWidth="1.7" />
    </>
  ),
  running: (
    <>
      <circle cx="7" cy="7" r="5.2" fill="none" stroke="currentColor" strokeWidth="1.6" opacity=".4" />
      <path
        className="turn"
        d="M7 1.8A5.2 5.2 0 0 1 7 12.2"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.2"
      />
    </>
  ),
  waiting: (
    <>
      <path d="M7 1.2L12.8 7 7 12.8 1.2 7z" fill="var(--surface)" stroke="currentColor" strokeWidth="1.6" />
      <circle cx="7" cy="7" r="1.7" fill="currentColor" />
    </>
  ),
  idle: <circle cx="7" cy="7" r="5.2" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  cached: (
    <>
      <circle
        cx="7"
        cy="7"
        r="5.2"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeDasharray="2.2 1.9"
      />
      <circle cx="7" cy="7" r="2" fill="currentColor" />
    </>
  ),
  blocked: (
    <>
      <circle cx="7" cy="7" r="5.2" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M4.5 7h5" stroke="currentColor" strokeWidth="1.6" />
    </>
  ),
};

/** A status as its shape. The word stands beside it, so the shape itself is silent to a screen reader. */
export function StatusMark({ status, size = 14 }: { status: Status; size?: number }) {
  return (
    <svg className={`is-${status}`} viewBox="0 0 14 14" width={size} height={size} aria-hidden="true">
      {SHAPES[status]}
    </svg>
  );
}

/** The same shape inside another drawing, centred on a point. */
export function StatusShape({
  status,
  at: [x, y],
  size = 14,
}: {
  status: Status;
  at: readonly [number, number];
  size?: number;
}) {
  return (
    <svg
      className={`is-${status}`}
      viewBox="0 0 14 14"
      x={x - size / 2}
      y={y - size / 2}
      width={size}
      height={size}
      aria-hidden="true"
    >
      {SHAPES[status]}
    </svg>
  );
}

/** Shape, colour and word together. */
export function StatusWord({
  status,
  children,
  size = 14,
}: {
  status: Status;
  children: ReactNode;
  size?: number;
}) {
  return (
    <span className={`status is-${status}`}>
      <StatusMark status={status} size={size} />
      <span>{children}</span>
    </span>
  );
}
