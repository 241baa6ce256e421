// A short list to tap from, one or several, big enough for a thumb.

interface Props {
  label: string;
  options: readonly string[];
  chosen: readonly string[];
  many?: boolean;
  choose: (chosen: string[]) => void;
}

export function Choices({ label, options, chosen, many = false, choose }: Props) {
  const press = (option: string) => {
    if (chosen.includes(option)) choose(chosen.filter((each) => each !== option));
    else choose(many ? [...chosen, option] : [option]);
  };
  return (
    <fieldset className="choices">
      <legend>{label}</legend>
      <div className="choices-list">
        {options.map((option) => (
          <button
            key={option}
            type="button"
            className="choice"
            aria-pressed={chosen.includes(option)}
            onClick={() => press(option)}
          >
            {option}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
