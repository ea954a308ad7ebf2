export { ModelListPage } from "./model-list-page.tsx";
export { ModelPage } from "./model-page.tsx";
export { ModelVersionPage } from "./model-version-page.tsx";
