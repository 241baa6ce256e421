// A page without the frame of the console, for paper: it still asks who is there.

import { useQuery } from "@tanstack/react-query";
import { Navigate, Outlet, useParams } from "react-router";
import { session } from "../api/queries.ts";
import { Login } from "../identity/Login.tsx";
import { MeProvider } from "../identity/me.tsx";
import { Boundary, BrokenPage, Failed, Loading } from "../parts/States.tsx";

export function Alone() {
  const who = useQuery(session);
  if (who.isPending) return <Loading />;
  if (who.isError) return <Failed error={who.error} retry={() => who.refetch()} />;
  if (!who.data) return <Login expired={false} />;
  // Who owes a first step takes it in the frame.
  if (who.data.steps.length > 0) return <Navigate to="/" replace />;
  return (
    <MeProvider me={who.data}>
      <Boundary fallback={<BrokenPage />}>
        <Outlet />
      </Boundary>
    </MeProvider>
  );
}

/** Signed in by now: back to the page of the code, which says more. */
export function OpenCode() {
  const { token = "" } = useParams();
  return <Navigate to={`/c/${token}`} replace />;
}
