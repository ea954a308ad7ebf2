import { EmptyState } from "../components/empty-state.tsx";
import { Go } from "../components/go.tsx";
import { PageHead } from "../components/page-frame.tsx";
import { places } from "../lib/places.ts";
import { useScope } from "../lib/scope.ts";
import { useWords } from "../lib/words.tsx";

/** An address that names no page. */
export function PageNotFound() {
  const { t } = useWords();
  const scope = useScope();
  return (
    <>
      <PageHead title={t("shell.notFound")} />
      <EmptyState title={t("shell.notFound")} text={t("shell.notFoundText", { path: location.pathname })}>
        <Go className="button" to={places.home(scope)}>
          {t("shell.toHome")}
        </Go>
      </EmptyState>
    </>
  );
}
