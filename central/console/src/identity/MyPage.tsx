// The phone's page for what belongs to the user.

import { useText } from "../locales/index.tsx";
import { Card, useTitle } from "../parts/Page.tsx";
import { MyMenu } from "./MyMenu.tsx";

export function MyPage() {
  const text = useText();
  useTitle(text.me.title);
  return (
    <div className="page page-narrow">
      <h1 className="page-title">{text.me.title}</h1>
      <Card>
        <MyMenu />
      </Card>
    </div>
  );
}
