export { DeploymentPage } from "./deployment-page.tsx";
export { FleetPage } from "./fleet-page.tsx";
export { PredictionListPage } from "./prediction-list-page.tsx";
export { PredictionPage } from "./prediction-page.tsx";
