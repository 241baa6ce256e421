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
import { BrokenPage, Loading } from "./parts/States.tsx";
import { usePhone } from "./parts/usePhone.ts";
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

const router = createBrowserRouter([
  {
    path: "/",
    element: <Shell />,
    errorElement: <BrokenPage />,
    hydrateFallbackElement: <Loading />,
    children: [
      { index: true, lazy: async () => ({ Component: (await import("./home/Home.tsx")).Home }) },
      {
        path: "warnings",
        lazy: async () => ({ Component: (await import("./warning/WarningList.tsx")).WarningList }),
      },
      {
        path: "warnings/:id",
        lazy: async () => ({ Component: (await import("./warning/WarningPage.tsx")).WarningPage }),
      },
      {
        path: "enterprises",
        lazy: async () => ({ Component: (await import("./registry/EnterpriseList.tsx")).EnterpriseList }),
      },
      {
        path: "enterprises/:id",
        lazy: async () => ({ Component: (await import("./registry/EnterprisePage.tsx")).EnterprisePage }),
      },
      {
        path: "covered",
        lazy: async () => ({ Component: (await import("./covered/CoveredList.tsx")).CoveredList }),
      },
      { path: "devices", lazy: async () => ({ Component: (await import("./devices/Devices.tsx")).Devices }) },
      { path: "me", lazy: async () => ({ Component: (await import("./identity/MyPage.tsx")).MyPage }) },
      { path: "*", lazy: async () => ({ Component: (await import("./shell/NoPage.tsx")).NoPage }) },
    ],
  },
]);

function Look() {
  const { language } = useLanguage();
  const phone = usePhone();
  return (
    <ConfigProvider
      locale={language === "en" ? enUS : zhCNAnt}
      theme={themeFor(phone)}
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
