/** Most questions that are out at once: enough to keep the database busy, few enough to let questions gather. */
const MOST_OUT = 2;
/** Most keys of one question. */
const MOST_KEYS = 64;

/**
 * Makes many single questions one: what is asked while an answer is under way goes out together with the next question. Equal
 * keys of one question are asked once. `ask` answers what it found by key.
 */
export function coalesce<Value>(
  ask: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
): (key: string) => Promise<Value | undefined> {
  type Asker = { resolve: (value: Value | undefined) => void; reject: (error: unknown) => void };
  let waiting = new Map<string, Asker[]>();
  let out = 0;
  let isPlanned = false;

  function plan(): void {
    if (isPlanned || out >= MOST_OUT || waiting.size === 0) return;
    isPlanned = true;
    setImmediate(() => {
      isPlanned = false;
      void send();
    });
  }

  async function send(): Promise<void> {
    out += 1;
    const askers = take();
    try {
      const found = await ask([...askers.keys()]);
      for (const [key, all] of askers) for (const asker of all) asker.resolve(found.get(key));
    } catch (error) {
      for (const all of askers.values()) for (const asker of all) asker.reject(error);
    }
    out -= 1;
    plan();
  }

  function take(): Map<string, Asker[]> {
    const taken = new Map([...waiting].slice(0, MOST_KEYS));
    waiting = new Map([...waiting].slice(MOST_KEYS));
    plan();
    return taken;
  }

  return (key) =>
    new Promise((resolve, reject) => {
      const same = waiting.get(key);
      if (same === undefined) waiting.set(key, [{ resolve, reject }]);
      else same.push({ resolve, reject });
      plan();
    });
}
