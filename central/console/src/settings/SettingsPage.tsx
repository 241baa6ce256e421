// The page of one's own settings; they follow the account to every device.

import { useText } from "../locales/index.tsx";
import { Card, PageHead } from "../parts/Page.tsx";
import { KindSwitches } from "./KindSwitches.tsx";
import { SettingsForm } from "./SettingsForm.tsx";

export function SettingsPage() {
  const text = useText();
  return (
    <div className="page page-narrow">
      <PageHead title={text.settings.title} note={text.settings.note} />
      <Card>
        <SettingsForm />
      </Card>
      <KindSwitches />
    </div>
  );
}
