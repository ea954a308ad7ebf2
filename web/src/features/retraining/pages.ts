export { CyclePage } from "./cycle-page.tsx";
export { PolicyListPage } from "./policy-list-page.tsx";
export { PolicyPage } from "./policy-page.tsx";
