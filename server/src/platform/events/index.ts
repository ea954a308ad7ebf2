export { type Consumer, createEvents, type Events } from "./events.ts";
