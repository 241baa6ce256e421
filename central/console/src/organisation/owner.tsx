// To whom a new department, post or person belongs, and what of the same owner it may refer to.

import { Form } from "antd";
import { useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import type { EditField } from "../parts/EditDrawer.tsx";
import {
  type Option,
  type Owner,
  useAccountOptions,
  useAgencyOptions,
  useDepartmentOptions,
  useEnterpriseOptions,
  usePostOptions,
  useStaffOptions,
} from "./choices.ts";
import { Picker } from "./Picker.tsx";

/** For whoever looks after several offices: which of them; an enterprise has but its own. */
export function useOwnerFields(): EditField[] {
  const text = useText().organisation;
  const me = useMe();
  const several = me.enterprise_id === null;
  const agencies = useAgencyOptions();
  const enterprises = useEnterpriseOptions(several);
  if (!several) return [];
  return [
    {
      name: "agency_id",
      label: text.agency,
      kind: "select",
      options: agencies,
      help: text.ownOffice,
      when: (values) => !values.enterprise_id,
    },
    {
      name: "enterprise_id",
      label: text.enterprise,
      kind: "select",
      options: enterprises,
      when: (values) => !values.agency_id,
    },
  ];
}

interface Picked {
  id?: string;
  value?: number | null;
  onChange?: (value: number | null) => void;
  /** Of an existing row; a new one takes what the form says. */
  owner: Owner | null;
}

/** The owner that a new row will have: as chosen above, else the own office. */
function useOwner(given: Owner | null): Owner | null {
  const me = useMe();
  const form = Form.useFormInstance();
  const agency: number | undefined = Form.useWatch("agency_id", form);
  const enterprise: number | undefined = Form.useWatch("enterprise_id", form);
  if (given) return { agency_id: given.agency_id, enterprise_id: given.enterprise_id };
  if (agency) return { agency_id: agency };
  if (enterprise) return { enterprise_id: enterprise };
  if (me.enterprise_id !== null) return { enterprise_id: me.enterprise_id };
  return me.agency_id === null ? null : { agency_id: me.agency_id };
}

/** A select whose options are of the same owner. */
function within(use: (owner: Owner | null) => Option[]) {
  return function Within({ owner, ...rest }: Picked) {
    return <Picker {...rest} options={use(useOwner(owner))} />;
  };
}

export const DepartmentPicker = within(useDepartmentOptions);
export const PostPicker = within(usePostOptions);
export const StaffPicker = within(useStaffOptions);
export const OwnAccountPicker = within((owner) => useAccountOptions(owner, true));
