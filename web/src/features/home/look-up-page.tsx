import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { useGo, useSegment, useView } from "../../components/go.tsx";
import { RowsSkeleton } from "../../components/loaded.tsx";
import { PageHead } from "../../components/page-frame.tsx";
import { clientOf } from "../../lib/client.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { lookUp } from "./look-up.ts";

/** `/go/<any id or digest>`: finds what an id names and opens it. */
export function LookUpPage() {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const id = useSegment("id");
  const [as] = useView("as");
  const found = useQuery({
    queryKey: ["lookUp", scope, id, as],
    queryFn: () => lookUp(clientOf(scope), scope, { id, as }),
  });
  const place = found.data ?? undefined;
  useEffect(() => {
    if (place !== undefined) go(place, "instead");
  }, [place, go]);
  if (found.error !== null) return <ErrorNote error={found.error} retry={() => void found.refetch()} />;
  if (found.data !== null) return <RowsSkeleton rows={3} />;
  return (
    <>
      <PageHead title={t("home.notFound", { id })} />
      <EmptyState title={t("home.notFound", { id })} text={t("home.notFoundText")} />
    </>
  );
}
