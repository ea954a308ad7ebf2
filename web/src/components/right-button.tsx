import type { Permission } from "@causeway/contract";
import type { ReactNode } from "react";
import { useAnswer } from "../lib/api.ts";
import { useWords } from "../lib/words.tsx";

/** A button for what needs a right. Without the right it stays, disabled, and says which one is missing. */
export function RightButton({
  permission,
  className = "button",
  disabled = false,
  submit = false,
  onClick,
  children,
}: {
  permission: Permission;
  className?: string;
  disabled?: boolean;
  /** Sends the form that it stands in. */
  submit?: boolean;
  onClick?: () => void;
  children: ReactNode;
}) {
  const { t } = useWords();
  const identity = useAnswer(["platform", "whoAmI"], {});
  const isMissing = identity.data !== undefined && !identity.data.permissions.includes(permission);
  return (
    <button
      type={submit ? "submit" : "button"}
      className={className}
      disabled={disabled || isMissing}
      title={isMissing ? t("shell.noRight", { permission }) : undefined}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
