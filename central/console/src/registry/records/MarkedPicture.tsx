// A picture with a point on it, such as a place on the plan of a plant.

export interface Mark {
  x: number;
  y: number;
}

export function MarkedPicture({ source, name, mark }: { source: string; name: string; mark: Mark | null }) {
  return (
    <span className="marked">
      <img src={source} alt={name} />
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
