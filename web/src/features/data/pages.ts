export { DatasetListPage } from "./dataset-list-page.tsx";
export { DatasetPage } from "./dataset-page.tsx";
export { DatasetVersionPage } from "./dataset-version-page.tsx";
