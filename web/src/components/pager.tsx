import { useWords } from "../lib/words.tsx";

/** Which rows of how many are shown, and the way to the others. */
export function Pager({
  offset,
  page,
  total,
  onOffset,
}: {
  offset: number;
  page: number;
  total: number;
  onOffset: (offset: number) => void;
}) {
  const { t, format } = useWords();
  const last = Math.min(total, offset + page);
  return (
    <>
      <span className="number">
        {t("pager.range", {
          first: format.count(Math.min(total, offset + 1)),
          last: format.count(last),
          total: format.count(total),
        })}
      </span>
      <button
        type="button"
        className="button little"
        disabled={offset === 0}
        onClick={() => onOffset(Math.max(0, offset - page))}
      >
        {t("pager.before")}
      </button>
      <button
        type="button"
        className="button little"
        disabled={last >= total}
        onClick={() => onOffset(offset + page)}
      >
        {t("pager.after")}
      </button>
    </>
  );
}
