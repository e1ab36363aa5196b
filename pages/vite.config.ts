import { defineConfig } from "vite";

// One page, one script, one style sheet; nothing inline, because the agent's policy forbids it.
export default defineConfig({
  root: "src/main/ts",
  base: "/",
  publicDir: false,
  build: {
    target: "es2022",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    sourcemap: false,
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
