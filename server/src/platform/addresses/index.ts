export { readGatewayUrl } from "./gateway-url.ts";
export { pagePath } from "./page-path.ts";
