export { evaluate } from "./evaluate.ts";
export { register } from "./register.ts";
export { trainSklearn } from "./train-sklearn.ts";
export { trainYdf } from "./train-ydf.ts";
