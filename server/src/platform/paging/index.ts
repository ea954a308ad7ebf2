export { keysetPage, notACursor, uuidCursor } from "./keyset-page.ts";
