// For an address that leads nowhere.

import { useText } from "../locales/index.tsx";
import { Link } from "../parts/Link.tsx";

export function NoPage() {
  const text = useText();
  return (
    <div className="state-box">
      <div className="state-mark" aria-hidden="true">
        ∅
      </div>
      <p className="state-title">{text.error.pageMissing}</p>
      <Link to="/">{text.error.toHome}</Link>
    </div>
  );
}
