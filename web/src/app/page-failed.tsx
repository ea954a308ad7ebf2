import type { ErrorComponentProps } from "@tanstack/react-router";
import { ErrorNote } from "../components/error-note.tsx";
import { PageHead } from "../components/page-frame.tsx";
import { useWords } from "../lib/words.tsx";

/** A page that broke: what broke, and loading it again. The frame around it stays. */
export function PageFailed({ error }: ErrorComponentProps) {
  const { t } = useWords();
  return (
    <>
      <PageHead title={t("shell.gone")} />
      <ErrorNote
        error={error instanceof Error ? error : new Error(String(error))}
        retry={() => location.reload()}
      />
    </>
  );
}
