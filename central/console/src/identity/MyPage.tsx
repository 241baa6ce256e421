// The page of what belongs to the user; on a phone also the way to every page that has no tab.

import { useText } from "../locales/index.tsx";
import { Card, PageHead } from "../parts/Page.tsx";
import { usePhone } from "../parts/usePhone.ts";
import { SettingsForm } from "../settings/SettingsForm.tsx";
import { AllPages } from "../shell/Menu.tsx";
import { MyMenu } from "./MyMenu.tsx";
import { ProfileCards } from "./ProfileCards.tsx";

export function MyPage() {
  const text = useText();
  const phone = usePhone();
  return (
    <div className="page page-narrow">
      <PageHead title={text.me.title} />
      {phone && (
        <Card>
          <AllPages />
        </Card>
      )}
      <Card>
        <MyMenu />
      </Card>
      <ProfileCards />
      <Card title={text.settings.title}>
        <SettingsForm />
      </Card>
    </div>
  );
}
