import { counted } from "../figure-text.ts";
import { defineTrigger } from "./define.ts";

/** So many rows with truth that what serves was not trained on. */
export const labels = defineTrigger({
  on: "labels",
  notice({ rows }, { windows, labelledSinceTraining }) {
    if (labelledSinceTraining < rows) return null;
    return {
      reason: `${counted(labelledSinceTraining, "row")} with truth came since the training data was put together`,
      window: windows[0] ?? null,
      fact: { says: "labels", rows: labelledSinceTraining },
    };
  },
  say: ({ rows }) => `${counted(rows, "new row")} ${rows === 1 ? "has its" : "have their"} truth`,
});
