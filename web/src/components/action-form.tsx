import type { Permission } from "@causeway/contract";
import type { FormEvent, ReactNode } from "react";
import { useWords } from "../lib/words.tsx";
import { ErrorNote } from "./error-note.tsx";
import { Section } from "./page-frame.tsx";
import { RightButton } from "./right-button.tsx";

/**
 * The frame of every form that does something: its title and fields, the error beside its cause, the button that says what
 * it does, the way out, and the same as commands. While it is under way it cannot be sent again.
 */
export function ActionForm({
  title,
  hint,
  open = false,
  className,
  action: { error, isPending },
  onSubmit,
  submit,
  cancel,
  command,
  extra,
  beside,
  isChecked = false,
  children,
}: {
  /** Left out where the form stands in a part of a page that has its own. */
  title?: ReactNode;
  hint?: ReactNode;
  /** Without the hairline above. */
  open?: boolean;
  /** Beside `form`. */
  className?: string;
  action: { readonly error: Error | null; readonly isPending: boolean };
  onSubmit: () => void;
  submit: {
    readonly label: string;
    readonly permission: Permission;
    /** False while something is missing. */
    readonly isReady?: boolean;
    /** Not what a reader came for: a button like any other. */
    readonly isPlain?: boolean;
  };
  cancel?: (() => void) | undefined;
  /** The same as commands, a line each. */
  command?: readonly string[] | undefined;
  /** What came of it, under the error. */
  extra?: ReactNode;
  /** Further buttons. */
  beside?: ReactNode;
  /** The form checks its fields itself. */
  isChecked?: boolean;
  children: ReactNode;
}) {
  const { t } = useWords();
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  const { label, permission, isReady = true, isPlain = false } = submit;
  const form = (
    <form
      className={className === undefined ? "form" : `form ${className}`}
      onSubmit={send}
      noValidate={isChecked}
      aria-busy={isPending}
      autoComplete="off"
    >
      {children}
      {error === null ? null : <ErrorNote error={error} />}
      {extra}
      <div className="row">
        <RightButton
          submit
          permission={permission}
          className={isPlain ? "button" : "button primary"}
          disabled={!isReady || isPending}
        >
          {label}
        </RightButton>
        {beside}
        {cancel === undefined ? null : (
          <button type="button" className="button" onClick={cancel}>
            {t("shell.cancel")}
          </button>
        )}
      </div>
      {command === undefined ? null : (
        <p className="quiet small commands">
          {command.map((line) => (
            <code key={line}>{line}</code>
          ))}
        </p>
      )}
    </form>
  );
  return title === undefined ? (
    form
  ) : (
    <Section title={title} hint={hint} open={open}>
      {form}
    </Section>
  );
}
