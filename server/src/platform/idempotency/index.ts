export { createIdempotency, type Idempotency, type KeyedRequest } from "./idempotency.ts";
