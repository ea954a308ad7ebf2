import type { Scope } from "@causeway/contract";

/** Where a server is and as whom to call it. In a browser `token` is absent: the session cookie says who calls. */
export type Connection = {
  /** Origin of control, for example `http://127.0.0.1:7420`. */
  url: string;
  token?: string | undefined;
  project?: Scope["project"] | undefined;
  environment?: Scope["environment"] | undefined;
  /** API key for predictions; without one the client makes a key for itself when it first predicts. */
  key?: string | undefined;
  /** For tests, and for callers with a transport of their own. */
  fetch?: typeof globalThis.fetch | undefined;
};
