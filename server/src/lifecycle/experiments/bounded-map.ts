/** A map that forgets what was put in first when it holds more than `most`. */
export function createBoundedMap<Key, Value>(most: number) {
  const kept = new Map<Key, Value>();
  return {
    get: (key: Key): Value | undefined => kept.get(key),
    set: (key: Key, value: Value): void => {
      kept.set(key, value);
      if (kept.size <= most) return;
      const [oldest] = kept.keys();
      if (oldest !== undefined) kept.delete(oldest);
    },
    delete: (key: Key): void => {
      kept.delete(key);
    },
  };
}
