import { ENVIRONMENTS } from "@causeway/contract";
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  redirect,
} from "@tanstack/react-router";
import { basePath, currentScope, lastEnvironment, scopeMoved } from "../lib/scope.ts";
import { PageFailed } from "./page-failed.tsx";
import { PageNotFound } from "./page-not-found.tsx";
import { Shell } from "./shell.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: PageNotFound });

const start = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/$environment", params: { environment: lastEnvironment() }, replace: true });
  },
});

const environment = createRoute({
  getParentRoute: () => root,
  path: "/$environment",
  beforeLoad: ({ params }) => {
    if (!ENVIRONMENTS.some((known) => known === params.environment)) throw notFound();
  },
});

/** A page inside an environment, loaded when it is first opened. */
function page<Module extends Record<string, unknown>>(
  path: string,
  load: () => Promise<Module>,
  name: keyof Module & string,
) {
  return createRoute({
    getParentRoute: () => environment,
    path,
    component: lazyRouteComponent(load, name),
  });
}

const data = () => import("../features/data/pages.ts");
const experiments = () => import("../features/experiments/pages.ts");
const pipelines = () => import("../features/pipelines/pages.ts");
const registry = () => import("../features/registry/pages.ts");
const deployments = () => import("../features/deployments/pages.ts");
const monitoring = () => import("../features/monitoring/pages.ts");
const retraining = () => import("../features/retraining/pages.ts");

const pages = [
  page("/", () => import("../features/home/home-page.tsx"), "HomePage"),
  page("/data", data, "DatasetListPage"),
  page("/data/$dataset", data, "DatasetPage"),
  page("/data/$dataset/$version", data, "DatasetVersionPage"),
  page("/experiments", experiments, "ExperimentListPage"),
  page("/experiments/compare", experiments, "ComparePage"),
  page("/experiments/$experiment", experiments, "ExperimentPage"),
  page("/experiments/$experiment/$run", experiments, "RunPage"),
  page("/pipelines", pipelines, "PipelineListPage"),
  page("/pipelines/$pipeline", pipelines, "PipelinePage"),
  page("/pipelines/$pipeline/$number", pipelines, "PipelineRunPage"),
  page("/registry", registry, "ModelListPage"),
  page("/registry/$model", registry, "ModelPage"),
  page("/registry/$model/$version", registry, "ModelVersionPage"),
  page("/deployments", deployments, "FleetPage"),
  page("/deployments/$deployment", deployments, "DeploymentPage"),
  page("/deployments/$deployment/predictions", deployments, "PredictionListPage"),
  page("/deployments/$deployment/predictions/$prediction", deployments, "PredictionPage"),
  page("/monitoring", monitoring, "MonitorListPage"),
  page("/monitoring/alerts/$alert", monitoring, "AlertPage"),
  page("/monitoring/$monitor", monitoring, "MonitorPage"),
  page("/retraining", retraining, "PolicyListPage"),
  page("/retraining/$policy", retraining, "PolicyPage"),
  page("/retraining/$policy/$number", retraining, "CyclePage"),
];

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings/$section",
  component: lazyRouteComponent(() => import("../features/settings/settings-page.tsx"), "SettingsPage"),
});

const settingsStart = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  beforeLoad: () => {
    throw redirect({ to: "/settings/$section", params: { section: "tokens" }, replace: true });
  },
});

const lookUp = createRoute({
  getParentRoute: () => root,
  path: "/go/$id",
  component: lazyRouteComponent(() => import("../features/home/look-up-page.tsx"), "LookUpPage"),
});

/** The router of all pages. The query of an address is plain text, so that it reads and shares well. */
export function createAppRouter() {
  const router = createRouter({
    routeTree: root.addChildren([start, environment.addChildren(pages), settings, settingsStart, lookUp]),
    basepath: basePath(currentScope().project),
    defaultPreload: false,
    scrollRestoration: true,
    defaultErrorComponent: PageFailed,
    defaultNotFoundComponent: PageNotFound,
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const pairs = Object.entries(search).filter(([, value]) => value !== undefined && value !== "");
      const query = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]));
      return pairs.length === 0 ? "" : `?${query.toString().replaceAll("%2C", ",").replaceAll("%2F", "/")}`;
    },
  });
  router.subscribe("onBeforeRouteMount", scopeMoved);
  router.subscribe("onResolved", scopeMoved);
  return router;
}
