// Links that take the narrowed view along: to another page, into another tab, into a message to a colleague.

import {
  type LinkProps,
  type NavLinkProps,
  parsePath,
  Link as RouterLink,
  NavLink as RouterNavLink,
  type To,
} from "react-router";
import { sameView, useView, viewOf, WHOLE, withView } from "../api/view.ts";

function useNarrowed(to: To): To {
  const view = useView();
  const path = typeof to === "string" ? parsePath(to) : to;
  const search = path.search ?? "";
  // A link that says its own view is meant as it is.
  return sameView(viewOf(search), WHOLE) ? { ...path, search: withView(search, view) } : to;
}

export function Link({ to, ...others }: LinkProps) {
  return <RouterLink to={useNarrowed(to)} {...others} />;
}

export function NavLink({ to, ...others }: NavLinkProps) {
  return <RouterNavLink to={useNarrowed(to)} {...others} />;
}
