// Who is signed in, for every page below the shell.

import { createContext, type ReactNode, useContext } from "react";
import type { Me } from "../api/types.ts";

const Context = createContext<Me | null>(null);

export function MeProvider({ me, children }: { me: Me; children: ReactNode }) {
  return <Context value={me}>{children}</Context>;
}

export function useMe(): Me {
  const me = useContext(Context);
  if (!me) throw new Error("used outside of the shell");
  return me;
}

export function useMay(operation: string): boolean {
  return useMe().may.includes(operation);
}
