// A picture with points on it, such as places on the plan of a plant.

export interface Mark {
  x: number;
  y: number;
}

interface Props {
  source: string;
  name: string;
  mark?: Mark | null;
  /** Points with a number and a name, such as those of the other rows. */
  others?: readonly { mark: Mark; number: number; name: string }[];
  /** Called when the picture cannot be shown. */
  broken?: () => void;
}

const at = ({ x, y }: Mark) => ({ left: `${x * 100}%`, top: `${y * 100}%` });

export function MarkedPicture({ source, name, mark, others = [], broken }: Props) {
  return (
    <span className="marked">
      <img src={source} alt={name} onError={broken} />
      {others.map((other) => (
        <span key={other.number} className="mark-number" style={at(other.mark)} title={other.name}>
          {other.number}
        </span>
      ))}
      {mark && <span className="mark-pin" style={at(mark)} aria-hidden="true" />}
    </span>
  );
}
