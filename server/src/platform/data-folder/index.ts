export { type HeldFolder, holdDataFolder, prepareDataFolder } from "./data-folder.ts";
export { ensurePrivateFile } from "./private-file.ts";
