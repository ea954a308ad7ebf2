import { defineTrigger } from "./define.ts";

const NAMED = 3;

/** Columns or predictions drifted in the newest window, as the monitor judged it: a drift that is over asks for nothing. */
export const drift = defineTrigger({
  on: "drift",
  notice(_settings, { windows: [window] }) {
    if (window === undefined || (window.drifted.length === 0 && !window.predictionDrifted)) return null;
    const { drifted } = window;
    const more = drifted.length > NAMED ? ` and ${drifted.length - NAMED} more` : "";
    const columns = drifted.length === 0 ? [] : [`${drifted.slice(0, NAMED).join(", ")}${more}`];
    const what = [...columns, ...(window.predictionDrifted ? ["the predictions"] : [])].join(", and ");
    const fact = {
      says: "drift",
      window: window.title,
      columns: drifted.map((column) => column),
      predictions: window.predictionDrifted,
    } as const;
    return { reason: `${what} drifted in ${window.title}`, window, fact };
  },
  say: () => "columns or predictions drift",
});
