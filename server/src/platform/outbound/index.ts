export { createOutbound, type Outbound, type OutboundAnswer, type Resolve } from "./outbound.ts";
