// Places on the earth (WGS-84, degrees): read from words, shifted by metres.

export interface Spot {
  longitude: number;
  latitude: number;
}

/** Metres of one degree of a meridian (mean earth radius 6,371,009 m). */
const DEGREE_M = 111_195;

/** Six digits are about a decimetre: more than any hand-held receiver knows. */
function rounded(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}

export function shifted(spot: Spot, eastM: number, northM: number): Spot {
  const narrow = Math.max(0.01, Math.cos((spot.latitude * Math.PI) / 180));
  return {
    longitude: rounded(spot.longitude + eastM / (DEGREE_M * narrow)),
    latitude: rounded(Math.min(90, Math.max(-90, spot.latitude + northM / DEGREE_M))),
  };
}

/** One angle as `114.0654`, `114°3′55.4″` or `114°3.92′`. */
const ANGLE =
  /(\d{1,3}(?:\.\d+)?)(?:\s*[°度]\s*(?:(\d{1,2}(?:\.\d+)?)\s*[′'分]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*[″"秒]\s*)?)?/g;

/**
 * A place that was pasted: two angles. Without E/N or 东经/北纬 the one above 60 is the longitude, for all of
 * China lies between 73° and 136° east, and below 54° north.
 */
export function readSpot(words: string): Spot | null {
  const angles = [...words.matchAll(ANGLE)].map(
    ([, degrees, minutes, seconds]) =>
      Number(degrees) + Number(minutes ?? 0) / 60 + Number(seconds ?? 0) / 3_600,
  );
  const [one, two] = angles;
  if (angles.length !== 2 || one === undefined || two === undefined) return null;
  if (!/[.°度]/.test(words) || one === two) return null;
  const [longitude, latitude] = one > two ? [one, two] : [two, one];
  return longitude >= 73 && longitude <= 136 && latitude >= 3 && latitude <= 54
    ? { longitude: rounded(longitude), latitude: rounded(latitude) }
    : null;
}
