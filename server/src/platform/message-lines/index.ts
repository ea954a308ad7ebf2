export { createMessageReader, encodeMessage } from "./message-lines.ts";
