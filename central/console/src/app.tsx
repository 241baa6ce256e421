// Joins language, look, server state and pages; each page is loaded when it is first opened.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCNAnt from "antd/locale/zh_CN";
import { createBrowserRouter } from "react-router";
import { RouterProvider } from "react-router/dom";
import { onSignedOut, Problem } from "./api/client.ts";
import { session } from "./api/queries.ts";
import { LanguageProvider, useLanguage } from "./locales/index.tsx";
import { Allowed } from "./parts/Allowed.tsx";
import { BrokenPage, Loading } from "./parts/States.tsx";
import { usePhone } from "./parts/usePhone.ts";
import { useStillness } from "./parts/useStillness.ts";
import { useDensity } from "./settings/density.ts";
import { BARE_PAGES, MENU, type MenuEntry, OPEN_PAGES, OTHER_PAGES } from "./shell/menu.ts";
import { Shell } from "./shell/Shell.tsx";
import { themeFor } from "./theme.ts";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What the centre refused it will refuse again; only a broken line or a failing server is asked twice.
      retry: (failures, error) =>
        failures < 1 && (!(error instanceof Problem) || error.status === 0 || error.status >= 500),
      retryDelay: (failures) => 800 * 2 ** failures,
      staleTime: 2_000,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

onSignedOut(() => {
  client.setQueryData(session.queryKey, null);
});

/** A page of the menu behind the operation that it needs, loaded when it is first opened. */
function guarded(load: MenuEntry["page"], operation: MenuEntry["operation"]) {
  return async () => {
    const Page = await load();
    const Component = () => (
      <Allowed operation={operation}>
        <Page />
      </Allowed>
    );
    return { Component };
  };
}

/** Pages without the frame, each loaded when it is first opened. */
const bare = (pages: typeof BARE_PAGES) =>
  Object.entries(pages).map(([path, load]) => ({
    path,
    lazy: async () => ({ Component: await load() }),
    errorElement: <BrokenPage />,
    hydrateFallbackElement: <Loading />,
  }));

const router = createBrowserRouter([
  ...bare(OPEN_PAGES),
  {
    lazy: async () => ({ Component: (await import("./codes/Alone.tsx")).Alone }),
    errorElement: <BrokenPage />,
    hydrateFallbackElement: <Loading />,
    children: bare(BARE_PAGES),
  },
  {
    path: "/",
    element: <Shell />,
    errorElement: <BrokenPage />,
    hydrateFallbackElement: <Loading />,
    children: [
      ...MENU.flatMap((entry) => [
        { path: entry.path, lazy: guarded(entry.page, entry.operation) },
        ...Object.entries(entry.below ?? {}).map(([rest, load]) => ({
          path: `${entry.path}/${rest}`,
          lazy: guarded(load, entry.operation),
        })),
      ]),
      ...Object.entries(OTHER_PAGES).map(([path, load]) => ({ path, lazy: guarded(load, undefined) })),
    ],
  },
]);

function Look() {
  const { language } = useLanguage();
  const phone = usePhone();
  const density = useDensity();
  const still = useStillness();
  return (
    <ConfigProvider
      componentSize={density === "compact" && !phone ? "small" : undefined}
      locale={language === "en" ? enUS : zhCNAnt}
      theme={themeFor(phone, still)}
      button={{ autoInsertSpace: false }}
    >
      <AntApp>
        <RouterProvider router={router} />
      </AntApp>
    </ConfigProvider>
  );
}

export function App() {
  return (
    <QueryClientProvider client={client}>
      <LanguageProvider>
        <Look />
      </LanguageProvider>
    </QueryClientProvider>
  );
}
