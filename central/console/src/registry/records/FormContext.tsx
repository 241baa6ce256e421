// What every control of a register's form may need to know of the form around it.

import { createContext, useContext } from "react";
import type { Field } from "./spec.ts";

export interface FormAround {
  register: string;
  /** The record that is edited; null while it is new. */
  recordId: number | null;
  /** All fields of the register. */
  fields: readonly Field[];
  /** Whose record it is: links to other registers offer what the same owner has. */
  owner: { enterprise_id?: number | null; agency_id?: number | null };
}

const Context = createContext<FormAround | null>(null);
export const FormAroundProvider = Context.Provider;

export function useFormAround(): FormAround {
  const around = useContext(Context);
  if (!around) throw new Error("used outside of a register's form");
  return around;
}
