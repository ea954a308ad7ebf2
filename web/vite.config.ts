import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Where `vite` (not `vite build`) finds the API while pages are written. */
const control = process.env["CAUSEWAY_URL"] ?? "http://127.0.0.1:7420";

const dist = join(import.meta.dirname, "dist");
/** A build grows here, so that a running server never finds half of one. */
const staged = join(import.meta.dirname, "../node_modules/.cache", `pages-${process.pid}`);

/** Puts the finished build in the place of the one before it. */
function swapPages(): Plugin {
  return {
    name: "swap-pages",
    apply: "build",
    closeBundle() {
      if (!existsSync(join(staged, "index.html"))) return;
      const before = `${staged}-before`;
      if (existsSync(dist)) renameSync(dist, before);
      renameSync(staged, dist);
      rmSync(before, { recursive: true, force: true });
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), swapPages()],
  build: {
    outDir: staged,
    emptyOutDir: true,
    // Browsers that know light-dark(), which the tokens are written in.
    target: ["chrome125", "firefox128", "safari18"],
    // Every asset is a file of its own: the content policy allows no data: scripts or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { "/api": control, "/go/sign-in": control } },
});
