// Who is signed in, what is still owed, one's own account, keys, and requests of those who cannot get in.

export type Step = "password" | "totp" | "registration" | "organisation";

export interface Me {
  account: string;
  display_name: string;
  role: string;
  role_name: string;
  kind: string;
  place_name: string;
  agency_id: number | null;
  agency_name: string | null;
  enterprise_id: number | null;
  enterprise_name: string | null;
  may: string[];
  /** What comes before anything else. */
  steps: Step[];
}

export interface CaptchaQuestion {
  id: string;
  /** A data URL; empty where the question is in words. */
  image: string;
  question: string;
}

export interface OwnSession {
  id: string;
  device_kind: string;
  address: string;
  way: string;
  created_at: string;
  seen_at: string;
  here: boolean;
}

export interface Profile {
  account: string;
  display_name: string;
  phone: string | null;
  phone_verified: boolean;
  language: string;
  has_password: boolean;
  password_changed_at: string;
  password_until: string | null;
  totp: boolean;
  totp_required: boolean;
  recovery_codes_left: number;
  linked_identities: number;
  sessions: OwnSession[];
  sign_ins: { at: string; done: boolean; address: string; device_kind: string }[];
}

export interface Enrolment {
  secret: string;
  address: string;
  picture: string;
}

export interface Choice {
  id: string;
  name: string;
}

export interface Registration {
  name: string;
  credit_code: string;
  address: string;
  contact_name: string;
  contact_phone: string;
  agency_id: number | null;
  sector: string;
  agencies: Choice[];
  sectors: Choice[];
}

export interface ApiKey {
  id: number;
  prefix: string;
  name: string;
  owner: string;
  areas: string[];
  sectors: string[] | null;
  operations: string[];
  created_at: string;
  expires_at: string;
  last_used_at: string | null;
  last_address: string;
  revoked_at: string | null;
  revoked_why: string;
}

export interface RecoveryRequest {
  id: number;
  kind: "password" | "appeal" | "registration";
  account: string;
  display_name: string;
  role_name: string;
  unit: string;
  applicant: string;
  contact: string;
  words: string;
  address: string;
  by_identity: boolean;
  state: "open" | "approved" | "refused" | "expired";
  created_at: string;
  decided_at: string | null;
  reason: string;
}

export interface SignInRule {
  min_length: number;
  min_classes: number;
  max_age_days: number;
  no_reuse: number;
  initial_days: number;
  captcha_after: number;
  lock_after: number;
  lock_minutes: number;
  totp_kinds: string[];
  version: number;
}
