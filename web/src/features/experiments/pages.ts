export { ComparePage } from "./compare-page.tsx";
export { ExperimentListPage } from "./experiment-list-page.tsx";
export { ExperimentPage } from "./experiment-page.tsx";
export { RunPage } from "./run-page.tsx";
