export { createMetrics, type GaugeSource, type Metrics } from "./metrics.ts";
