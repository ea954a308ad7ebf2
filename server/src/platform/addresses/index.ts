export { readGatewayUrl } from "./gateway-url.ts";
