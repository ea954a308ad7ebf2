export { type HeldFolder, holdDataFolder, prepareDataFolder } from "./data-folder.ts";
