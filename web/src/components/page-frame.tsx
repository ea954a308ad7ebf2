import { type ReactNode, useEffect } from "react";

/** The head of a page: what is true now, what it is about, what can be done. Names the browser tab too. */
export function PageHead({
  title,
  tab,
  sub,
  actions,
}: {
  title: ReactNode;
  /** The name of the tab, where the title is not plain text. */
  tab?: string | undefined;
  sub?: ReactNode;
  actions?: ReactNode;
}) {
  const name = tab ?? (typeof title === "string" ? title : undefined);
  useEffect(() => {
    if (name !== undefined) document.title = `${name} · Causeway`;
  }, [name]);
  return (
    <div className="head">
      <div>
        <h1>{title}</h1>
        {sub === undefined ? null : <div className="sub">{sub}</div>}
      </div>
      {actions === undefined ? null : <div className="actions">{actions}</div>}
    </div>
  );
}

/** A part of a page under a hairline, with its title, a remark and what stands at its right. */
export function Section({
  title,
  hint,
  right,
  open = false,
  className,
  children,
}: {
  title?: ReactNode;
  hint?: ReactNode;
  right?: ReactNode;
  /** Without the hairline above. */
  open?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section className={["section", open ? "open" : "", className ?? ""].join(" ").trim()}>
      <SectionHead title={title} hint={hint} right={right} />
      {children}
    </section>
  );
}

/** One of the columns of a page: a section without a hairline of its own. */
export function Column({
  title,
  hint,
  right,
  className,
  children,
}: {
  title?: ReactNode;
  hint?: ReactNode;
  right?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section className={className}>
      <SectionHead title={title} hint={hint} right={right} />
      {children}
    </section>
  );
}

/** The line above a part: title, remark, actions. */
export function SectionHead({
  title,
  hint,
  right,
}: {
  title?: ReactNode;
  hint?: ReactNode;
  right?: ReactNode;
}) {
  if (title === undefined && right === undefined) return null;
  return (
    <div className="section-head">
      {title === undefined ? null : <h2>{title}</h2>}
      {hint === undefined ? null : <span className="quiet">{hint}</span>}
      {right === undefined ? null : <span className="right">{right}</span>}
    </div>
  );
}

/** Facts in two columns: name and value. Facts without a value are left out. */
export function Facts({ of }: { of: ReadonlyArray<readonly [name: string, value: ReactNode]> }) {
  return (
    <dl className="facts">
      {of.map(([name, value]) =>
        value === null || value === undefined || value === "" ? null : (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
