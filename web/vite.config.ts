import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `vite` (not `vite build`) finds the API while pages are written. */
const control = process.env["CAUSEWAY_URL"] ?? "http://127.0.0.1:7420";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    // Browsers that know light-dark(), which the tokens are written in.
    target: ["chrome125", "firefox128", "safari18"],
    // Every asset is a file of its own: the content policy allows no data: scripts or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { "/api": control, "/go/sign-in": control } },
});
