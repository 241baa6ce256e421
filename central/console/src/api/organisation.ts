// Agencies, departments, posts, staff, committee members, intermediaries, document numbers and accounts.

export interface Agency {
  id: number;
  name: string;
  code: string;
  kind: string;
  rank: number;
  parent_id: number | null;
  parent_name: string | null;
  region_code: string;
  region_name: string | null;
  areas: string[];
  area_names: string[];
  contact_name: string;
  phone: string;
  fax: string;
  address: string;
  description: string;
  longitude: number | null;
  latitude: number | null;
  administrator_id: number | null;
  administrator: string | null;
  administrator_active: boolean | null;
  below: number;
  version: number;
}

export interface Department {
  id: number;
  agency_id: number | null;
  enterprise_id: number | null;
  owner_name: string;
  parent_id: number | null;
  parent_name: string | null;
  name: string;
  head_id: number | null;
  head_name: string | null;
  phone: string;
  duties: string;
  sequence: number;
  people: number;
  below: number;
  version: number;
}

export interface Post {
  id: number;
  agency_id: number | null;
  enterprise_id: number | null;
  owner_name: string;
  name: string;
  description: string;
  sequence: number;
  people: number;
  version: number;
}

export interface Staff {
  id: number;
  agency_id: number | null;
  enterprise_id: number | null;
  owner_name: string;
  department_id: number | null;
  department_name: string | null;
  post_id: number | null;
  post_name: string | null;
  account_id: number | null;
  login: string | null;
  role_name: string | null;
  name: string;
  phone: string;
  office_phone: string;
  email: string;
  duties: string;
  sequence: number;
  heads: string[];
  version: number;
}

export interface OrganisationCheck {
  enterprise_id: number;
  departments: number;
  people: number;
  missing: string[];
  checked_at: string | null;
  checked_by: string | null;
}

export interface Unit {
  id: number;
  agency_id: number;
  agency_name: string;
  name: string;
  code: string;
  contact_name: string;
  phone: string;
  address: string;
  duties: string;
  administrators: string[];
  version: number;
}

export interface Intermediary {
  id: number;
  agency_id: number;
  agency_name: string;
  name: string;
  credit_code: string;
  kind: string;
  qualification: string;
  qualification_no: string;
  valid_from: string;
  valid_until: string;
  state: string;
  services: string;
  contact_name: string;
  phone: string;
  address: string;
  version: number;
}

export interface NumberFormat {
  id: number;
  agency_id: number;
  agency_name: string;
  kind: string;
  name: string;
  pattern: string;
  serial_length: number;
  resets: string;
  for_below: boolean;
  example: string;
  given: number;
  version: number;
}

export interface Account {
  id: number;
  login: string;
  display_name: string;
  role: string;
  role_name: string;
  kind: string;
  agency_id: number | null;
  agency_name: string | null;
  enterprise_id: number | null;
  enterprise_name: string | null;
  committee_unit_id: number | null;
  committee_unit_name: string | null;
  intermediary_id: number | null;
  intermediary_name: string | null;
  department_name: string | null;
  phone: string;
  phone_verified: boolean;
  on_call: boolean;
  areas: string[];
  area_names: string[];
  state: string;
  locked_until: string | null;
  review_opinion: string;
  reviewed_by: string;
  reviewed_at: string | null;
  created_at: string;
  version: number;
}

export interface AccountMade {
  account: Account;
  password: string | null;
}
