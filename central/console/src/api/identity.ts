// Who is signed in.

export interface Me {
  account: string;
  display_name: string;
  role: string;
  role_name: string;
  place_name: string;
  agency_id: number | null;
  agency_name: string | null;
  enterprise_id: number | null;
  enterprise_name: string | null;
  may: string[];
}
