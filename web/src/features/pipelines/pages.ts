export { PipelineListPage } from "./pipeline-list-page.tsx";
export { PipelinePage } from "./pipeline-page.tsx";
export { PipelineRunPage } from "./pipeline-run-page.tsx";
