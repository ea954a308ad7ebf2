import { useEffect } from "react";
import { useGo, useSegment } from "../../components/go.tsx";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { useAnswer } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";

/** `/<env>/monitoring/alerts/<id>`: where messages lead; opens the alert on its monitor's page. */
export function AlertPage() {
  const scope = useScope();
  const go = useGo();
  const alert = useAnswer(["monitoring", "getAlert"], { alert: useSegment("alert") });
  const place = alert.data === undefined ? undefined : places.alert(scope, alert.data);
  useEffect(() => {
    if (place !== undefined) go(place, "instead");
  }, [place, go]);
  return (
    <Loaded answer={alert} skeleton={<RowsSkeleton rows={3} />}>
      {() => <RowsSkeleton rows={3} />}
    </Loaded>
  );
}
