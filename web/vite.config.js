import { defineConfig } from "vite";

// The daemon serves what lies in this folder, so it is committed: who installs Antiphon needs no Node.
export default defineConfig({
  build: {
    outDir: "../daemon/antiphon/adapters/static",
    emptyOutDir: true,
    target: "es2022",
    // Under the page's content security policy nothing may be a data URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // While the page is being worked on: `npm run dev`, beside a daemon with web.port=8420.
  server: { proxy: { "/api": { target: "http://127.0.0.1:8420", ws: true, changeOrigin: true } } },
});
