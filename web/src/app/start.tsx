import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createQueryClient } from "../lib/api.ts";
import { followEvents } from "../lib/live.ts";
import { preferences, subscribe } from "../lib/preferences.ts";
import { lastEnvironment } from "../lib/scope.ts";
import { startWords, WordsProvider } from "../lib/words.tsx";
import { pageOfMlflowAddress } from "./mlflow-address.ts";
import { createAppRouter } from "./router.tsx";
import { theme, themeVariables } from "./theme.ts";

/** Where the chosen theme is kept: `light`, `dark` or `auto`. */
export const THEME_KEY = "causeway.theme";

/** Starts the pages: words first, so that nothing is drawn in a language that was not chosen. */
export async function startApp(document: Document): Promise<void> {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
  // Parts of Mantine's overlays make style elements by a small library that looks for the nonce under this name.
  Object.assign(globalThis, { __webpack_nonce__: nonce });
  showKeptTheme(document);
  keepDensity(document);
  await startWords();
  const cache = createQueryClient();
  const meant = pageOfMlflowAddress(location.hash, lastEnvironment());
  if (meant !== undefined) history.replaceState(null, "", meant);
  const router = createAppRouter();
  const stop = followEvents(cache);
  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  const element = document.getElementById("root");
  if (element === null) throw new Error("index.html has no element #root");
  createRoot(element).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={themeVariables}
        defaultColorScheme="auto"
        colorSchemeManager={localStorageColorSchemeManager({ key: THEME_KEY })}
        getStyleNonce={() => nonce}
      >
        <WordsProvider>
          <QueryClientProvider client={cache}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </WordsProvider>
      </MantineProvider>
    </StrictMode>,
  );
}

/** The density is an attribute of the page, which the tokens read. */
function keepDensity(document: Document): void {
  const apply = () => {
    document.documentElement.dataset["density"] = preferences().density;
  };
  apply();
  subscribe(apply);
}

/** Mantine says the theme once it runs; until then the kept choice stands, so that the ground does not flash. */
function showKeptTheme(document: Document): void {
  const kept = localStorage.getItem(THEME_KEY);
  if (kept === "light" || kept === "dark") document.documentElement.dataset["mantineColorScheme"] = kept;
}
