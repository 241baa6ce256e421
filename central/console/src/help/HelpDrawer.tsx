// The help beside the page it is about: searched by words, read in place.

import { Drawer } from "antd";
import { lazy, Suspense } from "react";
import { useText } from "../locales/index.tsx";
import { Loading } from "../parts/States.tsx";
import { usePhone } from "../parts/usePhone.ts";

const Help = lazy(async () => ({ default: (await import("./Help.tsx")).Help }));

export function HelpDrawer({ open, close }: { open: boolean; close: () => void }) {
  const text = useText();
  const phone = usePhone();
  return (
    <Drawer
      title={text.help.title}
      open={open}
      onClose={close}
      size={phone ? "100%" : 460}
      mask={false}
      destroyOnHidden
    >
      <Suspense fallback={<Loading />}>
        <Help />
      </Suspense>
    </Drawer>
  );
}
