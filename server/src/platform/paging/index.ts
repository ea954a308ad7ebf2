export { keysetPage, uuidCursor } from "./keyset-page.ts";
