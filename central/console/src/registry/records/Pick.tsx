// One or several of a few, big enough for a thumb; tapped again it is taken back.

interface Props {
  id?: string;
  label: string;
  options: readonly { value: string; label: string }[];
  chosen: readonly string[];
  many?: boolean;
  choose: (chosen: string[]) => void;
}

export function Pick({ id, label, options, chosen, many = false, choose }: Props) {
  const press = (value: string) => {
    if (chosen.includes(value)) choose(chosen.filter((each) => each !== value));
    else choose(many ? [...chosen, value] : [value]);
  };
  return (
    <fieldset id={id} className="choices" aria-label={label}>
      <div className="choices-list">
        {options.map((option) => (
          <button
            key={option.value}
            type="button"
            className="choice"
            aria-pressed={chosen.includes(option.value)}
            onClick={() => press(option.value)}
          >
            {option.label}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
