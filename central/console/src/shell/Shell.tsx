// The frame around every page: top bar, menu (or phone tabs), strip of open warnings, arrival of new reds.

import { useQuery } from "@tanstack/react-query";
import { Suspense, useEffect, useState } from "react";
import { Outlet, useLocation } from "react-router";
import { session } from "../api/queries.ts";
import { RecoveryBanner } from "../backup/RecoveryBanner.tsx";
import { FirstSteps } from "../identity/FirstSteps.tsx";
import { Login } from "../identity/Login.tsx";
import { MeProvider } from "../identity/me.tsx";
import { LiveSync } from "../live/LiveSync.tsx";
import { useText } from "../locales/index.tsx";
import { Boundary, BrokenPage, Failed, Loading } from "../parts/States.tsx";
import { usePhone } from "../parts/usePhone.ts";
import { SettingsSync } from "../settings/SettingsSync.tsx";
import { Arrivals } from "./Arrivals.tsx";
import { LevelStrip } from "./LevelStrip.tsx";
import { PhoneTabs, SideMenu } from "./Menu.tsx";
import { OpeningMode } from "./Modes.tsx";
import { TopBar } from "./TopBar.tsx";
import { ViewChips } from "./ViewFilter.tsx";
import { ViewSync } from "./ViewSync.tsx";

export function Shell() {
  const text = useText();
  const phone = usePhone();
  const location = useLocation();
  const who = useQuery(session);
  const [wasSignedIn, setWasSignedIn] = useState(false);

  useEffect(() => {
    if (who.data) setWasSignedIn(true);
  }, [who.data]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page begins at its top
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [location.pathname]);

  if (who.isPending) return <Loading />;
  if (who.isError) return <Failed error={who.error} retry={() => who.refetch()} />;
  if (!who.data) return <Login expired={wasSignedIn} />;
  if (who.data.steps.length > 0) return <FirstSteps me={who.data} />;
  return (
    <MeProvider me={who.data}>
      <LiveSync account={who.data.account} />
      <SettingsSync />
      <ViewSync />
      <OpeningMode />
      <a className="skip" href="#content">
        {text.nav.skip}
      </a>
      <div className={phone ? "shell shell-phone" : "shell"}>
        <TopBar />
        {!phone && <SideMenu />}
        <main id="content" className="content" tabIndex={-1}>
          <RecoveryBanner />
          <ViewChips />
          <Boundary key={location.pathname} fallback={<BrokenPage />}>
            <Suspense fallback={<Loading />}>
              <Outlet />
            </Suspense>
          </Boundary>
        </main>
        <LevelStrip />
        {phone && <PhoneTabs />}
      </div>
      <Arrivals />
    </MeProvider>
  );
}
