// A picture with a point on it, such as a place on the plan of a plant.

export interface Mark {
  x: number;
  y: number;
}

interface Props {
  source: string;
  name: string;
  mark: Mark | null;
  /** Called when the picture cannot be shown. */
  broken?: () => void;
}

export function MarkedPicture({ source, name, mark, broken }: Props) {
  return (
    <span className="marked">
      <img src={source} alt={name} onError={broken} />
      {mark && (
        <span
          className="mark-pin"
          style={{ left: `${mark.x * 100}%`, top: `${mark.y * 100}%` }}
          aria-hidden="true"
        />
      )}
    </span>
  );
}
