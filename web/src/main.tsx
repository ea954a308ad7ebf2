import "./app/stylesheets.ts";
import { startApp } from "./app/start.tsx";

await startApp(document);
