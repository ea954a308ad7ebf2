/** A page of rows as a keyset list answers it. */
export type RowPage<Row> = { items: readonly Row[]; next: string | null };

/** What is known of a long list: its pages in order, undefined where one was let go, and what it waits for. */
export type RowPagesState<Row> = {
  /** Rows of each page; undefined while it is away. */
  pages: ReadonlyArray<readonly Row[] | undefined>;
  /** How many rows each page has, also of those that were let go. */
  sizes: readonly number[];
  /** True when the last page has come. */
  isWhole: boolean;
  isLoading: boolean;
  error: Error | null;
};

/** A list that is read page by page and keeps only the pages near what is looked at. */
export type RowPages<Row> = {
  state: () => RowPagesState<Row>;
  subscribe: (listener: () => void) => () => void;
  /** Asks for the page that begins the list, and for those that hold the rows from `first` to `last`. */
  show: (first: number, last: number) => void;
  /** Changes the rows that are held, in their places; a row that comes back as it was is left alone. */
  change: (update: (row: Row) => Row) => void;
  /** Tries what failed again. */
  retry: () => void;
};

/** Pages kept beside those in view; a page of 200 wide rows takes about 1 MB. */
const KEEP = 12;

/** Reads a keyset list as far as it is looked at. The addresses of pages are kept, so that a page let go is read again. */
export function createRowPages<Row>({
  load,
  keep = KEEP,
}: {
  load: (after: string | undefined) => Promise<RowPage<Row>>;
  keep?: number;
}): RowPages<Row> {
  const tokens: (string | undefined)[] = [undefined];
  const pages: (readonly Row[] | undefined)[] = [];
  const sizes: number[] = [];
  const waiting = new Set<number>();
  const listeners = new Set<() => void>();
  let isWhole = false;
  let error: Error | null = null;
  let wanted: readonly [first: number, last: number] = [0, 0];
  let state: RowPagesState<Row> = { pages: [], sizes: [], isWhole, isLoading: true, error };

  const tell = () => {
    state = { pages: [...pages], sizes: [...sizes], isWhole, isLoading: waiting.size > 0, error };
    for (const listener of listeners) listener();
  };
  const letGo = (at: number) => {
    const held = pages.flatMap((page, index) => (page === undefined ? [] : [index]));
    const far = held.sort((a, b) => Math.abs(b - at) - Math.abs(a - at));
    for (const index of far.slice(0, Math.max(0, held.length - keep))) pages[index] = undefined;
  };
  const read = async (index: number) => {
    if (waiting.has(index) || pages[index] !== undefined || index >= tokens.length) return;
    waiting.add(index);
    tell();
    try {
      const page = await load(tokens[index]);
      pages[index] = page.items;
      sizes[index] = page.items.length;
      if (index === tokens.length - 1) {
        if (page.next === null) isWhole = true;
        else tokens.push(page.next);
      }
      letGo(pageOf(wanted[0]));
    } catch (cause) {
      error = cause instanceof Error ? cause : new Error(String(cause), { cause });
    }
    waiting.delete(index);
    tell();
    if (error === null) ask();
  };
  const pageOf = (row: number): number => {
    let end = 0;
    for (const [index, size] of sizes.entries()) {
      end += size;
      if (row < end) return index;
    }
    return sizes.length;
  };
  const ask = () => {
    if (error !== null) return;
    const last = Math.min(pageOf(wanted[1]), tokens.length - 1);
    for (let index = pageOf(wanted[0]); index <= last; index += 1) {
      if (index < sizes.length || !isWhole) void read(index);
    }
  };
  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show: (first, last) => {
      wanted = [first, last];
      ask();
    },
    change: (update) => {
      for (const [index, page] of pages.entries()) {
        const changed = page?.map(update);
        if (changed?.some((row, at) => row !== page?.[at])) pages[index] = changed;
      }
      tell();
    },
    retry: () => {
      error = null;
      ask();
    },
  };
}
