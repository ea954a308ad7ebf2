import { useSyncExternalStore } from "react";

let isSignedOut = false;
const listeners = new Set<() => void>();

/** Says that the server did not accept this browser's session. */
export function signedOut(): void {
  isSignedOut = true;
  for (const listener of listeners) listener();
}

/** Whether the server refused this browser's session. */
export function useSignedOut(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isSignedOut,
  );
}
