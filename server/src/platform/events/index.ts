export { type Consumer, createEvents, type Events, type Happening } from "./events.ts";
