// English words of storms: many warnings at once, and the messages that tell of several.

import type { stormWords as zh } from "../zh-CN/storm.ts";
import { plural } from "./plural.ts";

export const stormWords: typeof zh = {
  storm: {
    title: "Many warnings at once",
    count: (cases, owners, since) =>
      `${plural(cases, "open warning")} since ${since} at ${plural(owners, "place")}`,
    firstUp: "First-up",
    first: "Earliest",
    more: (n) => `Show all ${n}`,
    fewer: "Show fewer",
    digest: "Digest",
    withDigest: (name) => `with ${name}`,
    carried: (n) => `show the ${n} it tells of`,
    ofDigest: (name) => `Digest ${name}`,
    ownOnly: "its words are for the receiver alone",
  },
};
