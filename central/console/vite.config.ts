// Builds the console into dist/, which the centre serves; in development it passes /api on to a running centre.
import react from "@vitejs/plugin-react";
import { defineConfig, type PluginOption } from "vite";

const centre = process.env.FENGSUI_CENTRE ?? "http://127.0.0.1:8600";

export default defineConfig(async ({ command }) => {
  const plugins: PluginOption[] = [react()];
  // `FIXTURE=1 npm run dev` answers from a made-up county: for looking at pages, never part of a build.
  if (command === "serve" && process.env.FIXTURE) {
    const { fixture } = await import("./dev/fixture.ts");
    plugins.push(fixture());
  }
  return {
    plugins,
    server: {
      host: "127.0.0.1",
      port: Number(process.env.PORT ?? 5173),
      proxy: process.env.FIXTURE ? undefined : { "/api": { target: centre } },
    },
    worker: { format: "es" as const },
    build: { target: "es2022", outDir: "dist", chunkSizeWarningLimit: 1200 },
  };
});
