export { AlertPage } from "./alert-page.tsx";
export { MonitorListPage } from "./monitor-list-page.tsx";
export { MonitorPage } from "./monitor-page.tsx";
