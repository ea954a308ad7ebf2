/** The deployment that the loop cares for, and the one that keeps the first version. */
export const CARED = "shop";
export const FIRST = "shop-first";
export const DEPLOYMENTS = [CARED, FIRST] as const;
export const MODEL = "shop";
export const MONITOR = "shop";
export const POLICY = "shop";
export const CHANNEL = "team";
/** The second person, who approves. */
export const APPROVER = "maria";
